/** Volumes of labels as a picture: of each the three slices through its middle, and one phase as a lit body. */
import { demand } from '../base/errors.ts'
import { sizeOf } from './array.ts'
import { extremes } from './extremes.ts'
import { phaseColours } from './phase-picture.ts'
import { type PictureOptions, picture } from './picture.ts'

export interface VolumePictureOptions extends Pick<PictureOptions, 'captions' | 'text'> {
  /** How many labels there are; default as many as are met. */
  readonly labels?: number
  /** The phase that is drawn as a body; default the one of fewest voxels. */
  readonly body?: number
}

/** [3, H, W], bytes. */
interface Canvas {
  readonly data: Uint8Array
  readonly height: number
  readonly width: number
}

const [gap, paper] = [6, 48]

/** From the eye: towards z, y and x; and where the light comes from, up and left of it. */
const sight = unit([0.55, 0.6, 0.58])
const light = unit([-0.75, -0.35, -0.55])

/** The colour of the body in full light. */
const lit = [238, 176, 104]

/** Draws volumes [N, D, H, W] under each other: slices normal to z, y and x, then the body seen from a corner. */
export function volumePicture(
  { data, shape }: { readonly data: Uint8Array; readonly shape: readonly number[] },
  { labels, body, ...options }: VolumePictureOptions = {},
): Uint8Array {
  const what = 'draw volumes'
  demand(shape.length === 4 && sizeOf(shape) > 0, what, 'the shape', '[N, D, H, W], none of them 0', shape)
  demand(data.length === sizeOf(shape), what, 'the labels', `${sizeOf(shape)} elements`, data.length)
  const [count, ...lengths] = shape
  const colours = phaseColours(labels ?? extremes(data).largest + 1)
  const scale = Math.max(1, Math.ceil(128 / Math.max(...lengths)))
  const tile = scale * Math.max(...lengths)
  const [height, width] = [tile, 4 * tile + 3 * gap]
  const panels = new Uint8Array(count * 3 * height * width).fill(paper)
  for (let i = 0; i < count; i++) {
    const volume = data.subarray(i * sizeOf(lengths), (i + 1) * sizeOf(lengths))
    const canvas = {
      data: panels.subarray(i * 3 * height * width, (i + 1) * 3 * height * width),
      height,
      width,
    }
    for (let axis = 0; axis < 3; axis++)
      drawSlice(canvas, { volume, lengths, axis, scale, left: axis * (tile + gap), colours })
    drawBody(canvas, { volume, lengths, phase: body ?? rarest(volume), tile, left: 3 * (tile + gap) })
  }
  const drawn = { counts: panels, shape: [count, 3, height, width] }
  return picture(drawn, { ...options, columns: 1, scale: 1, white: 255 }).png
}

function unit(v: readonly number[]): number[] {
  const length = Math.hypot(...v)
  return v.map(x => x / length)
}

function rarest(volume: Uint8Array): number {
  const voxels = new Float64Array(256)
  for (const label of volume) voxels[label]++
  let least = volume[0]
  for (let label = 0; label < 256; label++)
    if (voxels[label] > 0 && voxels[label] < voxels[least]) least = label
  return least
}

function put({ data, height, width }: Canvas, at: number, colour: ArrayLike<number>): void {
  for (let c = 0; c < 3; c++) data[c * height * width + at] = colour[c]
}

interface SliceView {
  readonly volume: Uint8Array
  readonly lengths: readonly number[]
  /** What the slice is normal to. */
  readonly axis: number
  readonly scale: number
  readonly left: number
  readonly colours: readonly (readonly number[])[]
}

function drawSlice(canvas: Canvas, { volume, lengths, axis, scale, left, colours }: SliceView): void {
  const strides = [lengths[1] * lengths[2], lengths[2], 1]
  const [rows, columns] = [0, 1, 2].filter(other => other !== axis)
  const middle = (lengths[axis] >> 1) * strides[axis]
  for (let y = 0; y < lengths[rows] * scale; y++)
    for (let x = 0; x < lengths[columns] * scale; x++) {
      const from = middle + Math.floor(y / scale) * strides[rows] + Math.floor(x / scale) * strides[columns]
      put(canvas, y * canvas.width + left + x, colours[volume[from]] ?? [255, 0, 255])
    }
}

interface BodyView {
  readonly volume: Uint8Array
  readonly lengths: readonly number[]
  readonly phase: number
  readonly tile: number
  readonly left: number
}

/** Rays along `sight` to the first voxel of the phase; its light is that of the slope of the smoothed phase there. */
function drawBody(canvas: Canvas, { volume, lengths, phase, tile, left }: BodyView): void {
  const strides = [lengths[1] * lengths[2], lengths[2], 1]
  const right = unit([0, -sight[2], sight[1]])
  const down = [
    sight[1] * right[2] - sight[2] * right[1],
    sight[2] * right[0] - sight[0] * right[2],
    sight[0] * right[1] - sight[1] * right[0],
  ]
  const sign = down[0] < 0 ? -1 : 1
  const field = smoothed(volume, lengths, phase)
  const long = Math.hypot(...lengths)
  const place = [0, 0, 0]
  const inside = () => place.every((x, axis) => x >= 0 && x < lengths[axis])
  const site = () => place.reduce((sum, x, axis) => sum + Math.floor(x) * strides[axis], 0)
  for (let y = 0; y < tile; y++)
    for (let x = 0; x < tile; x++) {
      const [u, v] = [(x + 0.5) / tile - 0.5, (y + 0.5) / tile - 0.5]
      for (let depth = -long / 2; depth < long / 2; depth += 0.4) {
        for (let axis = 0; axis < 3; axis++)
          place[axis] =
            lengths[axis] / 2 + depth * sight[axis] + long * (u * right[axis] + v * sign * down[axis])
        if (!inside() || volume[site()] !== phase) continue
        const shade = brightness(field, { lengths, strides, place }) * (0.75 - (0.5 * depth) / long)
        put(
          canvas,
          y * canvas.width + left + x,
          lit.map(c => Math.min(255, c * shade)),
        )
        break
      }
    }
}

function brightness(
  field: Float32Array,
  {
    lengths,
    strides,
    place,
  }: {
    readonly lengths: readonly number[]
    readonly strides: readonly number[]
    readonly place: readonly number[]
  },
): number {
  const at = place.map(Math.floor)
  const site = at.reduce((sum, x, axis) => sum + x * strides[axis], 0)
  const slope = at.map((x, axis) => {
    const before = x > 0 ? field[site - strides[axis]] : 0
    const after = x < lengths[axis] - 1 ? field[site + strides[axis]] : 0
    return before - after
  })
  const size = Math.hypot(...slope)
  const facing = size > 0 ? slope.reduce((sum, s, axis) => sum + (s / size) * light[axis], 0) : 0
  return 0.35 + 0.85 * Math.max(0, facing)
}

/** The phase, 0 or 1, averaged twice over neighbours along each axis; 0 beyond the sides. */
function smoothed(volume: Uint8Array, lengths: readonly number[], phase: number): Float32Array {
  let field = Float32Array.from(volume, label => (label === phase ? 1 : 0))
  let stride = 1
  for (let axis = 2; axis >= 0; stride *= lengths[axis], axis--)
    for (let round = 0; round < 2; round++) {
      const next = new Float32Array(field.length)
      for (let i = 0; i < field.length; i++) {
        const x = Math.floor(i / stride) % lengths[axis]
        const before = x > 0 ? field[i - stride] : 0
        const after = x < lengths[axis] - 1 ? field[i + stride] : 0
        next[i] = (before + field[i] + after) / 3
      }
      field = next
    }
  return field
}
