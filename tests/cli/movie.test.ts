// Movies as a user makes them: what they show is what `saltus sample` draws, with its mass under every frame.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeApng } from 'fast-png'
import { beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpy, writeNpy } from '../../src/formats/npy.ts'
import { phaseColours } from '../../src/formats/phase-picture.ts'
import { readPng } from '../../src/formats/png.ts'
import { readGif } from '../formats/gif-reader.ts'
import { complaint, good, listing, saltus, start, temporary, untrained, write } from './saltus.ts'

const folder = temporary()
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
const array = (name: string) => readNpy(bytes(name), name) as NdArray
const scale = 7
const base = ['--model', 'model.onnx', '--calls', '6', '--seed', '7', '--mass', '900']
const film = ['movie', ...base, '--scale', String(scale)]

/** Planes of a picture, [C][H][W]. */
function planes({ data, shape: [channels, height, width] }: NdArray): number[][][] {
  const row = (c: number, y: number) =>
    Array.from(data.subarray((c * height + y) * width, (c * height + y + 1) * width))
  return Array.from({ length: channels }, (_, c) => Array.from({ length: height }, (_, y) => row(c, y)))
}

/** The light of every site of a tile of 8x8 sites whose upper left corner is there; all its pixels must be alike. */
function tile(plane: number[][], left: number, top: number): number[] {
  return Array.from({ length: 64 }, (_, i) => {
    const [x, y] = [left + scale * (i % 8), top + scale * Math.floor(i / 8)]
    const pixels = plane.slice(y, y + scale).flatMap(row => row.slice(x, x + scale))
    expect(new Set(pixels).size).toBe(1)
    return pixels[0]
  })
}

/** How bright counts are in a picture whose white is the largest of all of them. */
function lights({ data }: NdArray): number[] {
  const white = Math.max(...data)
  return Array.from(data, count => Math.round((255 * count) / white))
}

/** Pixels from one frame of a strip to the next, and from one row to the next. */
const [across, down] = [8 * scale + 4, 8 * scale + 4 + 2 * 2 * 8]

beforeAll(async () => {
  write(folder, 'model.onnx', untrained())
  write(folder, 'material.onnx', untrained({ phases: ['pore', 'solid'] }))
  await good(['sample', ...base, '--count', '2', '--out', 'sample.npy'], folder)
}, 120_000)

describe('saltus movie', { timeout: 120_000 }, () => {
  it('`movie` ends with the very images that `sample` draws, in a strip and in animations', async () => {
    const outs = ['--out', 'a.png', '--out', 'a.gif', '--out', 'a.apng']
    const { stdout } = await good(
      [...film, '--count', '2', '--frames', '4', '--fps', '20', '--hold', '2', ...outs],
      folder,
    )
    expect(stdout).toMatch(
      /^A movie of 2 images in \d+s; masses asked for 900, delivered 900: equal; mass 900, the same in every frame\n$/,
    )
    const wanted = lights(array('sample.npy'))
    const picture = readPng(bytes('a.png'), 'a.png')
    expect(picture.shape).toEqual([1, 4 + 2 * down, 4 + 4 * across])
    const [strip] = planes(picture)
    for (const i of [0, 1]) {
      const image = wanted.slice(64 * i, 64 * (i + 1))
      expect(tile(strip, 4 + 3 * across, 4 + i * down)).toEqual(image)
      expect(tile(strip, 4, 4 + i * down)).not.toEqual(image)
    }

    const gif = readGif(bytes('a.gif'))
    expect([gif.repeat, gif.frames.map(frame => frame.delay)]).toEqual([0, [5, 5, 5, 205]])
    const shown = gif.frames.map(({ pixels }) => {
      const data = pixels.filter((_, i) => i % 3 === 0)
      return planes({ data, shape: [1, gif.height, gif.width] })[0]
    })
    expect([...tile(shown[3], 4, 4), ...tile(shown[3], 4 + across, 4)]).toEqual(wanted)
    // Its frames are those of the strip.
    for (const k of [0, 1, 2]) expect(tile(shown[k], 4, 4)).toEqual(tile(strip, 4 + k * across, 4))
    expect(tile(shown[0], 4, 4)).not.toEqual(tile(shown[1], 4, 4))

    const apng = decodeApng(bytes('a.apng'), { checkCrc: true })
    expect(apng.frames.map(frame => frame.delayNumber)).toEqual([50, 50, 50, 2050])
    apng.frames.forEach((frame, k) => {
      expect(Array.from(frame.data)).toEqual(shown[k].flat())
    })
  })

  it('`movie` writes the mass, which does not change, and the time, which does, under every frame', async () => {
    await good([...film, '--out', 'm.png'], folder)
    const [strip] = planes(readPng(bytes('m.png'), 'm.png'))
    // Seven states of six calls; the digits of each frame in two lines.
    expect(strip[0]).toHaveLength(4 + 7 * across)
    const line = (k: number, l: number) =>
      strip.slice(4 + 8 * scale + 16 * l, 4 + 8 * scale + 16 * (l + 1)).map(row => {
        return row
          .slice(4 + k * across, 4 + (k + 1) * across - 4)
          .map(light => (light > 128 ? '#' : '.'))
          .join('')
      })
    const times = new Set<string>()
    for (let k = 0; k < 7; k++) {
      expect(line(k, 0)).toEqual(line(0, 0))
      times.add(line(k, 1).join('\n'))
    }
    expect(line(0, 0).join('')).toContain('#')
    expect(times.size).toBe(7)
  })

  it('`movie --direction both` comes to the images and loses them again, and shows them once', async () => {
    const outs = ['--out', 'b.png', '--out', 'b.gif']
    await good([...film, '--direction', 'both', '--frames', '3', ...outs], folder)
    const [strip] = planes(readPng(bytes('b.png'), 'b.png'))
    // White is the largest count of this image, the first of the two samples.
    const own = lights({ data: array('sample.npy').data.slice(0, 64), shape: [64] })
    expect(tile(strip, 4 + 2 * across, 4)).toEqual(own)
    expect(tile(strip, 4, 4 + down)).toEqual(own)
    expect(tile(strip, 4 + 2 * across, 4 + down)).not.toEqual(own)
    expect(readGif(bytes('b.gif')).frames.map(frame => frame.delay)).toEqual([8, 8, 158, 8, 158])
  })

  it('`movie --input` loses given images, by exact walks of the model, without its network', async () => {
    const data = Uint8Array.from({ length: 3 * 64 }, (_, i) =>
      i % 64 === 9 * (1 + Math.floor(i / 64)) ? 200 : 1,
    )
    write(folder, 'in.npy', writeNpy({ data, shape: [3, 1, 8, 8] }))
    const input = [
      'movie',
      '--model',
      'model.onnx',
      '--scale',
      String(scale),
      '--input',
      'in.npy',
      '--count',
      '2',
    ]
    const { stdout } = await good([...input, '--frames', '3', '--out', 'f.png'], folder)
    expect(stdout).toMatch(/^A movie of 2 images in \d+s; mass 263, the same in every frame\n$/)
    const [strip] = planes(readPng(bytes('f.png'), 'f.png'))
    const wanted = lights({ data: data.slice(0, 128), shape: [128] })
    expect([...tile(strip, 4, 4), ...tile(strip, 4, 4 + down)]).toEqual(wanted)
    expect(Math.max(...tile(strip, 4 + 2 * across, 4))).toBeLessThan(255)
  })

  it('`movie` of a material ends with its labels in their colours, and goes forth from given ones', async () => {
    const asked = ['--model', 'material.onnx', '--calls', '6', '--porosity', '0.4', '--seed', '2']
    const shown = ['--scale', String(scale), '--frames', '3']
    await good(['sample', ...asked, '--count', '1', '--out', 'labels.npy'], folder)
    const { stdout } = await good(['movie', ...asked, ...shown, '--out', 'phases.png'], folder)
    expect(stdout).toContain('mass 38, the same in every frame')
    const { data } = array('labels.npy')
    const colours = phaseColours(2)
    const strip = planes(readPng(bytes('phases.png'), 'phases.png'))
    const wanted = (k: number) => Array.from(data, label => colours[label][k])
    for (const k of [0, 1, 2]) expect(tile(strip[k], 4 + 2 * across, 4)).toEqual(wanted(k))
    // Noise has sites of several units, of neither colour.
    const noise = tile(strip[0], 4, 4).filter(red => red !== colours[0][0] && red !== colours[1][0])
    expect(noise.length).toBeGreaterThan(0)
    const input = ['--model', 'material.onnx', '--input', 'labels.npy', ...shown]
    await good(['movie', ...input, '--out', 'forth.png'], folder)
    const forth = planes(readPng(bytes('forth.png'), 'forth.png'))
    for (const k of [0, 1, 2]) expect(tile(forth[k], 4, 4)).toEqual(wanted(k))
  })

  it('`movie` refuses what it cannot show before any work', async () => {
    const cases: [string[], RegExp][] = [
      [['--out', 'x.mp4'], /--out must be a file ending in \.png, \.gif, \.apng/],
      [[], /--out must be given/],
      [['--out', 'x.png', '--frames', '8'], /--frames must be at most 7, one more than network calls, got 8/],
      [['--out', 'x.png', '--input', 'sample.npy', '--direction', 'both'], /--direction forward only/],
      [['--out', 'x.png', '--input', 'sample.npy'], /--mass must be left out with --input/],
      [['--out', 'x.png', '--porosity', '0.3'], /--porosity must be left out with a model of images/],
    ]
    for (const [flags, reason] of cases) {
      const { status, stderr } = await saltus([...film, ...flags], folder)
      expect([status, stderr]).toEqual([2, expect.stringMatching(reason)])
      expect(stderr).toMatch(complaint)
    }
    expect(listing(folder).filter(name => name.startsWith('x'))).toEqual([])
  })

  it('`movie` stopped by Ctrl-C ends with status 130 and writes nothing', async () => {
    const { child, ended } = start(
      ['movie', '--model', 'model.onnx', '--calls', '400000', '--mass', '5000', '--out', 'never.gif'],
      folder,
    )
    // It is under way when it has said that the mass is far from those of the data.
    await new Promise<void>(resolve =>
      child.stderr?.on('data', text => String(text).includes('Warning') && resolve()),
    )
    child.kill('SIGINT')
    const { status, signal } = await ended
    // On a busy machine the network's call outlasts its patience: then it ends by the signal itself, which shells call 130 too.
    expect([status, signal]).toEqual(signal === null ? [130, null] : [null, 'SIGINT'])
    expect(listing(folder)).not.toContain('never.gif')
  })
})
