/**
 * A grid of images of counts as one PNG picture.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { sizeOf } from './array.ts'
import { eachDot, lineHeight, textWidth } from './font.ts'
import { writePng } from './png-writer.ts'

export interface PictureOptions {
  /** Images per row; default about as many as rows. The number of images gives one strip. */
  columns?: number
  /** Pixels between tiles and around them, default 4. */
  gap?: number
  /** Pixels per site, default the least that makes tiles 56 pixels wide. */
  scale?: number
  /** The count shown as white, default the largest of all images. */
  white?: number
  /** A line or several under each image, of the letters in font.ts. */
  captions?: readonly string[]
  /**
   * A colour [R, G, B], 0 to 255, per channel: they add up. Default white for one channel, red, green and
   * blue for three; the channels of any other number are set side by side in grey.
   */
  palette?: readonly (readonly [number, number, number])[]
  /** Keywords and texts, kept in the file. */
  text?: Readonly<Record<string, string>>
}

export interface Picture {
  png: Uint8Array
  width: number
  height: number
  /** The count shown as white. */
  white: number
  /** How many counts were above it, and so are shown as white too. */
  clipped: number
}

const background = 48
const ink = 224

/** From one line of a caption to the next, in pixels of the letters. */
const linePitch = lineHeight + 3

/** Draws images [N, C, H, W]. */
export function picture(
  images: { counts: ArrayLike<number>; shape: readonly number[] },
  options: PictureOptions = {},
): Picture {
  demandGiven(
    'draw the images',
    { images, options },
    { images: { counts: 'list', shape: 'list' }, options: 'object' },
  )
  const { counts, shape } = images
  const what = 'draw images'
  demand(shape.length === 4 && sizeOf(shape) > 0, what, 'the shape', '[N, C, H, W], none of them 0', shape)
  demand(counts.length === sizeOf(shape), what, 'the counts', `${sizeOf(shape)} elements`, counts.length)
  const [count, channels] = shape
  const { captions, palette = channels === 3 ? primaries : undefined } = options
  demand(!captions || captions.length === count, what, 'the captions', `${count} texts`, captions?.length)
  demand(!palette || palette.length === channels, what, 'the palette', `${channels} colours`, palette?.length)
  const white = options.white ?? (largest(counts) || 1)
  demand(white > 0, what, 'the count shown as white', 'positive', white)

  const grid = layout(shape, options, palette !== undefined)
  const { width, height } = grid
  const canvas = { data: new Uint8Array((palette ? 3 : 1) * height * width).fill(background), width, height }
  for (let n = 0; n < count; n++) {
    const x = grid.gap + (n % grid.columns) * (grid.cellWidth + grid.gap)
    const y = grid.gap + Math.floor(n / grid.columns) * (grid.cellHeight + grid.gap)
    const left = x + ((grid.cellWidth - grid.tileWidth) >> 1)
    drawTile(canvas, { counts, shape, n, left, top: y, scale: grid.scale, white, palette })
    if (captions) drawCaption(canvas, captions[n], { x, y: y + grid.tileHeight, grid })
  }
  let clipped = 0
  for (let i = 0; i < counts.length; i++) if (counts[i] > white) clipped++
  const { text } = options
  const png = writePng({ data: canvas.data, shape: [palette ? 3 : 1, height, width] }, { text })
  return { png, width, height, white, clipped }
}

const primaries: PictureOptions['palette'] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
]

function largest(counts: ArrayLike<number>): number {
  let max = 0
  for (let i = 0; i < counts.length; i++) if (counts[i] > max) max = counts[i]
  return max
}

type Grid = ReturnType<typeof layout>

function layout(shape: readonly number[], options: PictureOptions, coloured: boolean) {
  const [count, channels, rows, sites] = shape
  const { columns = Math.ceil(Math.sqrt(count)), gap = 4, captions } = options
  const scale = options.scale ?? Math.max(1, Math.ceil(56 / sites))
  const what = 'draw images'
  demand(Number.isInteger(columns) && columns > 0, what, 'the columns', 'a whole number from 1', columns)
  demand(Number.isInteger(scale) && scale > 0, what, 'the scale', 'a whole number from 1', scale)
  demand(Number.isInteger(gap) && gap >= 0, what, 'the gap', 'a whole number from 0', gap)
  const across = coloured ? 1 : channels
  const tileWidth = across * sites * scale + (across - 1)
  const tileHeight = rows * scale
  const lines = (captions ?? []).map(caption => caption.split('\n'))
  const text = Math.max(1, ...lines.flat().map(textWidth))
  const deep = Math.max(1, ...lines.map(of => of.length))
  const textScale = Math.min(3, Math.max(2, Math.floor(tileWidth / text)))
  const cellWidth = captions ? Math.max(tileWidth, text * textScale) : tileWidth
  const cellHeight = tileHeight + (captions ? deep * linePitch * textScale : 0)
  const used = Math.min(columns, count)
  const width = gap + used * (cellWidth + gap)
  const height = gap + Math.ceil(count / columns) * (cellHeight + gap)
  demand(width * height <= 2 ** 28, what, 'the picture', 'at most 2^28 pixels', width * height)
  return { columns, gap, scale, textScale, tileWidth, tileHeight, cellWidth, cellHeight, width, height }
}

interface Canvas {
  data: Uint8Array
  width: number
  height: number
}

interface Tile {
  counts: ArrayLike<number>
  shape: readonly number[]
  n: number
  left: number
  top: number
  scale: number
  white: number
  palette?: PictureOptions['palette']
}

function drawTile(canvas: Canvas, tile: Tile): void {
  const { counts, shape, n, left, top, scale, white, palette } = tile
  const [, channels, rows, sites] = shape
  const colour = [0, 0, 0]
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < sites; x++) {
      colour.fill(0)
      for (let c = 0; c < channels; c++) {
        const light = Math.min(1, Math.max(0, counts[((n * channels + c) * rows + y) * sites + x] / white))
        if (palette) for (let k = 0; k < 3; k++) colour[k] += light * palette[c][k]
        else
          fill(canvas, 0, {
            x: left + (c * sites + x) * scale + c,
            y: top + y * scale,
            scale,
            light: light * 255,
          })
      }
      if (!palette) continue
      for (let k = 0; k < 3; k++) {
        const light = Math.min(255, colour[k])
        fill(canvas, k, { x: left + x * scale, y: top + y * scale, scale, light })
      }
    }
  }
}

function drawCaption(canvas: Canvas, text: string, place: { x: number; y: number; grid: Grid }): void {
  const { x, y, grid } = place
  const { textScale: scale, cellWidth } = grid
  const planes = canvas.data.length / (canvas.width * canvas.height)
  text.split('\n').forEach((line, l) => {
    const left = x + ((cellWidth - textWidth(line) * scale) >> 1)
    const top = y + (l * linePitch + 2) * scale
    eachDot(line, (dx, dy) => {
      const at = { x: left + dx * scale, y: top + dy * scale, scale, light: ink }
      for (let plane = 0; plane < planes; plane++) fill(canvas, plane, at)
    })
  })
}

/** Fills a square of one plane of the canvas. */
function fill(
  canvas: Canvas,
  plane: number,
  square: { x: number; y: number; scale: number; light: number },
): void {
  const { x, y, scale, light } = square
  const { data, width, height } = canvas
  for (let row = y; row < y + scale; row++) {
    const start = (plane * height + row) * width + x
    data.fill(Math.round(light), start, start + scale)
  }
}
