package people

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // the other kind of picture that is read
)

// Bounds on pictures. What goes in is from any camera; what is kept is small
// enough for a slow phone, and has nothing in it but the picture.
const (
	MaxUpload  = 12 << 20 // bytes
	maxPixels  = 16_000_000
	minSide    = 16 // pixels
	maxSide    = 16_000
	keptSide   = 640
	keptBytes  = 60 << 10
	bestJPEG   = 84 // quality, in percent
	worstJPEG  = 34
	jpegStep   = 10
	exifOrient = 0x0112 // the tag that says which side is up
)

// Errors of pictures.
var (
	ErrPicture     = errors.New("this is no picture in JPEG or PNG")
	ErrPictureSize = errors.New("this picture is too large or too small")
)

// pictureName names a shop's picture by what is in it, so that a browser may
// keep what it has for ever, and so that it tells nothing about the shop.
func pictureName(id ID, picture []byte) string {
	sum := sha256.Sum256(append(id[:len(id):len(id)], picture...))
	return hex.EncodeToString(sum[:16])
}

// shrink makes a small JPEG of an upload, without what cameras write beside
// the picture: where, when and by whom it was taken.
func shrink(upload []byte) ([]byte, error) {
	if len(upload) > MaxUpload {
		return nil, ErrPictureSize
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(upload))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	if min(size.Width, size.Height) < minSide || max(size.Width, size.Height) > maxSide || size.Width*size.Height > maxPixels {
		return nil, ErrPictureSize
	}
	picture, _, err := image.Decode(bytes.NewReader(upload))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	up := 1
	if kind == "jpeg" {
		up = orientation(upload)
	}
	for side := keptSide; ; side /= 2 {
		small := turned(scaled(picture, side), up)
		for quality := bestJPEG; quality >= worstJPEG; quality -= jpegStep {
			var out bytes.Buffer
			if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
				return nil, fmt.Errorf("write a picture: %w", err)
			}
			if out.Len() <= keptBytes {
				return out.Bytes(), nil
			}
		}
	}
}

// scaled makes a picture whose longer side is at most side pixels: each pixel
// is the mean of those it stands for. What is transparent becomes white.
func scaled(src image.Image, side int) *image.RGBA {
	from := src.Bounds()
	w, h := from.Dx(), from.Dy()
	width, height := w, h
	if longest := max(w, h); longest > side {
		width, height = max(1, w*side/longest), max(1, h*side/longest)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	strip := image.NewRGBA(image.Rect(0, 0, w, (h+height-1)/height))
	for y := range height {
		top, bottom := y*h/height, (y+1)*h/height
		part := image.Rect(0, 0, w, bottom-top)
		draw.Draw(strip, part, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, part, src, image.Pt(from.Min.X, from.Min.Y+top), draw.Over)
		for x := range width {
			out.SetRGBA(x, y, mean(strip, x*w/width, (x+1)*w/width, bottom-top))
		}
	}
	return out
}

// mean is the colour of a part of a strip.
func mean(strip *image.RGBA, left, right, height int) color.RGBA {
	var r, g, b, n uint32
	for y := range height {
		row := strip.Pix[y*strip.Stride+4*left : y*strip.Stride+4*right]
		for i := 0; i < len(row); i += 4 {
			r, g, b, n = r+uint32(row[i]), g+uint32(row[i+1]), b+uint32(row[i+2]), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// turned puts a picture upright; up is the number that Exif gives its
// orientation, 1 for upright.
func turned(src *image.RGBA, up int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if up < 2 || up > 8 {
		return src
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if up >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch up {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetRGBA(tx, ty, src.RGBAAt(x, y))
		}
	}
	return out
}

// orientation reads from a JPEG which side is up; 1 when it does not say. It
// looks for the segment APP1 with Exif in it, which is a TIFF file (Exif 2.3,
// section 4.5).
func orientation(text []byte) int {
	for text = text[min(2, len(text)):]; len(text) >= 4 && text[0] == 0xff && text[1] != 0xda; {
		length := int(binary.BigEndian.Uint16(text[2:])) + 2
		if length > len(text) {
			return 1
		}
		if exif, ok := bytes.CutPrefix(text[4:length], []byte("Exif\x00\x00")); ok && text[1] == 0xe1 {
			return tiffOrientation(exif)
		}
		text = text[length:]
	}
	return 1
}

// tiffOrientation reads the tag from the first directory of a TIFF file.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == exifOrient {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}
