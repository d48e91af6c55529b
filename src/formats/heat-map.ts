/** Fields on a rectangle as SVG with axes: the values are a picture inside, colours of viridis or of a sign. */
import type { Markish } from '@observablehq/plot'
import { demand } from '../base/errors.ts'
import { frame, type Key, type Point, scaleOf } from './chart.ts'
import { writePng } from './png-writer.ts'

export interface HeatMapOptions {
  title: string
  /** [rows, columns], row 0 at the bottom. */
  values: ArrayLike<number>
  shape: readonly [number, number]
  x: { label: string; range: readonly [number, number] }
  y: { label: string; range: readonly [number, number] }
  /** What the colour means, and the values at its ends; default those of the field. */
  colour: { label: string; range?: readonly [number, number]; signed?: boolean }
  /** Lines on top. */
  lines?: readonly { name: string; points: readonly Point[] }[]
  /** In pixels, default 560 x 560. */
  width?: number
  height?: number
}

// Viridis (S. van der Walt, N. Smith; CC0) at five places, and a scale of two signs; straight lines in between.
const viridis = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
]
const signs = [
  [33, 102, 172],
  [146, 197, 222],
  [247, 247, 247],
  [244, 165, 130],
  [178, 24, 43],
]

/** The colour at a share of a scale, 0 to 1, as [R, G, B]. */
export function colourAt(share: number, signed = false): readonly number[] {
  const scale = signed ? signs : viridis
  const at = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (scale.length - 1)
  const k = Math.min(scale.length - 2, Math.floor(at))
  return scale[k].map((low, c) => low + (at - k) * (scale[k + 1][c] - low))
}

/** A field as an RGB picture [3, rows, columns], row 0 at the bottom. */
export function colouredField(
  values: ArrayLike<number>,
  {
    shape,
    range,
    signed,
  }: { shape: readonly [number, number]; range: readonly [number, number]; signed?: boolean },
): { data: Uint8Array; shape: [number, number, number] } {
  const [rows, columns] = shape
  const size = rows * columns
  const data = new Uint8Array(3 * size)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const share = (values[(rows - 1 - y) * columns + x] - range[0]) / (range[1] - range[0] || 1)
      const colour = colourAt(share, signed)
      for (let c = 0; c < 3; c++) data[c * size + y * columns + x] = Math.round(colour[c])
    }
  return { data, shape: [3, rows, columns] }
}

/** Draws a field with its axes, and the lines on it. */
export async function heatMap(options: HeatMapOptions): Promise<string> {
  const { values, shape, x, y, colour, lines = [], width = 560, height = 560 } = options
  const size = shape[0] * shape[1]
  demand(
    values.length === size && size > 0,
    'draw a field',
    'the values',
    `${shape.join('×')}`,
    values.length,
  )
  const range = colour.range ?? extent(values, colour.signed)
  const png = writePng(colouredField(values, { shape, range, signed: colour.signed }))
  const href = `data:image/png;base64,${base64(png)}`
  const Plot = await import('@observablehq/plot')
  const top = 56
  const [inner, tall] = [width - 64 - 24, height - top - 44 - 26]
  const middle = [{ x: (x.range[0] + x.range[1]) / 2, y: (y.range[0] + y.range[1]) / 2 }]
  const marks: Markish[] = [
    Plot.image(middle, {
      x: 'x',
      y: 'y',
      width: inner,
      height: tall,
      src: href,
      preserveAspectRatio: 'none',
      imageRendering: 'pixelated',
    }),
  ]
  const stroke = ['#d55e00', '#ffffff', '#000000']
  lines.forEach(({ points }, i) => {
    marks.push(Plot.line([...points], { x: '0', y: '1', stroke: stroke[i % 3], strokeWidth: 1.5 }))
  })
  const shown = (value: number) => String(Number(value.toPrecision(3)))
  const ends = [0, 1].map(share => `rgb(${colourAt(share, colour.signed).map(Math.round).join(',')})`)
  const keys: Key[] = [
    { name: `${colour.label}: ${shown(range[0])}`, colour: ends[0], thick: true },
    { name: shown(range[1]), colour: ends[1], thick: true },
    ...lines.map(({ name }, i) => ({ name, colour: stroke[i % 3] })),
  ]
  const scales = {
    x: { ...scaleOf({ label: x.label }, [...x.range]), domain: [...x.range] },
    y: { ...scaleOf({ label: y.label }, [...y.range]), domain: [...y.range] },
  }
  return frame(marks, { title: options.title, keys, scales, width, height })
}

function extent(values: ArrayLike<number>, signed?: boolean): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue
    low = Math.min(low, values[i])
    high = Math.max(high, values[i])
  }
  const most = Math.max(Math.abs(low), Math.abs(high))
  return signed ? [-most, most] : [low, high]
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
