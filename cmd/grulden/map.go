package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"grulden/internal/wijkmap"
)

type mapCmd struct {
	withKey
	File string `arg:"" optional:"" type:"existingfile" placeholder:"FILE.geojson" help:"GeoJSON with streets as lines and an outline, water and green as areas; without it, the present map is told about."`
}

// Run takes in a map, or tells about the one there is.
func (c *mapCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		book := wijkmap.New(l.node.Store())
		m, err := book.Map()
		if c.File != "" {
			var text []byte
			if text, err = readMap(c.File); err != nil {
				return err
			}
			m, err = book.Set(text)
		}
		if errors.Is(err, wijkmap.ErrMap) {
			return hint(err, "export streets, water and parks of the wijk as GeoJSON (RFC 7946), in degrees east and north")
		}
		if err != nil {
			return err
		}
		if m == nil {
			return hint(errors.New("there is no map yet"), "grulden map --data DIR FILE.geojson")
		}
		a.say("%d shapes, %d streets with a name\n", len(m.Shapes), len(m.Streets()))
		return nil
	})
}

// readMap reads a file, but not one that is too large to be a map.
func readMap(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, wijkmap.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return text, nil
}
