// A camera for the tests: a film of a QR code that somebody holds up.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

// film makes a film of a picture that moves and turns a little before a wall,
// with the noise and the blur of a cheap camera, and gives its name.
export async function film(picture, name) {
  const file = path.join(path.dirname(picture), `${name}.mjpeg`)
  const scene = [
    '[1:v]scale=300:300:flags=neighbor,format=rgba,rotate=a=0.2*sin(2*PI*t/2):c=0x9a8f80ff:ow=420:oh=420[held]',
    '[0:v][held]overlay=x=110+30*sin(3*t):y=30+20*cos(3*t),noise=alls=10:allf=t,gblur=sigma=0.6,format=yuvj420p',
  ].join(';')
  await run('ffmpeg', [
    '-y', '-loglevel', 'error',
    '-f', 'lavfi', '-i', 'color=c=0x9a8f80:s=640x480:r=15:d=2',
    '-loop', '1', '-t', '2', '-i', picture,
    '-filter_complex', scene, '-c:v', 'mjpeg', '-q:v', '4', file,
  ])
  return file
}

// filmed are the arguments with which Chromium has a film for a camera, and
// nobody is asked whether that may.
export const filmed = (file) => ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${file}`]

// drawn gives an SVG of a QR code, four pixels a module, with its quiet zone.
// Each word of modules is one row; a # is dark.
export function drawn(modules) {
  const rows = modules.trim().split(/\s+/)
  const dark = rows.flatMap((row, y) => [...row].map((c, x) => (c === '#' ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
  const size = rows.length + 8
  return `<svg width="${4 * size}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
    <path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${dark.join('')}"/></svg>`
}
