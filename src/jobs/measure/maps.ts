/** Maps: thickness, concentration and clusters at every place, as arrays and as pictures. */
import { fieldPicture } from '../../formats/field-picture.ts'
import { writeNpy } from '../../formats/npy.ts'
import {
  clusters,
  drive,
  type Labels,
  localThickness,
  type MeasureOptions,
  type PerAxis,
  phaseOf,
  transport,
  type Work,
} from '../../structure/index.ts'
import { insideOf } from '../../structure/labels.ts'
import { nameOf, type OutFile } from '../files.ts'
import type { Grids } from './input.ts'

export interface MapOptions extends MeasureOptions {
  readonly signal?: AbortSignal
}

type Field = Float32Array | Int32Array

/** NAME-thickness, NAME-concentration-x, …, NAME-clusters of every file: .npy [N, H, W] or [D, H, W], and a .png of a few planes. */
export async function maps(inputs: readonly Grids[], options: MapOptions): Promise<OutFile[]> {
  const files: OutFile[] = []
  for (const { name, grids } of inputs) {
    const stem = nameOf(name).replace(/\.(npy|npz|tiff?|png|raw)(\.gz)?$/i, '')
    for (const [kind, field] of Object.entries(fieldsOf(grids[0].shape, options))) {
      const { signal } = options
      const list: Field[] = []
      for (const grid of grids) list.push(await drive(field(grid), { signal }))
      files.push(...mapFiles(`${stem}-${kind}`, { list, shape: grids[0].shape, kind }))
    }
  }
  return files
}

function fieldsOf(
  shape: readonly number[],
  { phase = 0, spacing, conductivity, periodic }: MeasureOptions,
): Record<string, (grid: Labels) => Work<Field>> {
  const axes = ['x', 'y', 'z'].slice(0, shape.length) as (keyof PerAxis<unknown>)[]
  const conducts = conductivity ?? Array.from({ length: phase + 1 }, (_, label) => (label === phase ? 1 : 0))
  return {
    *thickness(grid) {
      const squares = yield* localThickness(phaseOf(grid, phase), { spacing, inside: insideOf(grid) })
      return squares.map(Math.sqrt)
    },
    *clusters(grid) {
      return (yield* clusters(phaseOf(grid, phase))).number
    },
    ...Object.fromEntries(
      axes.map((letter, i) => [
        `concentration-${letter}`,
        function* (grid: Labels): Work<Field> {
          const options = { conductivity: conducts, spacing, periodic, concentration: true }
          return (yield* transport(grid, shape.length - 1 - i, options)).concentration!
        },
      ]),
    ),
  }
}

interface Drawn {
  readonly list: readonly Field[]
  readonly shape: readonly number[]
  readonly kind: string
}

/** How many planes a picture shows. */
const shown = 9

function mapFiles(name: string, { list, shape, kind }: Drawn): OutFile[] {
  const size = list[0].length
  const all =
    list[0] instanceof Int32Array ? new Int32Array(size * list.length) : new Float32Array(size * list.length)
  list.forEach((field, i) => {
    all.set(field, i * size)
  })
  const whole = list.length === 1 ? [...shape] : [list.length, ...shape]
  const [height, width] = shape.length === 1 ? [1, shape[0]] : shape.slice(-2)
  const plane = height * width
  const planes = all.length / plane
  const count = Math.min(shown, planes)
  const data = new Float32Array(count * plane)
  const places = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * planes) / count))
  places.forEach((at, i) => {
    data.set(all.subarray(at * plane, (at + 1) * plane), i * plane)
    // Beyond the phase there is no thickness to be drawn.
    if (kind === 'thickness')
      for (let k = i * plane; k < (i + 1) * plane; k++) if (data[k] === 0) data[k] = Number.NaN
  })
  const named = kind === 'clusters'
  const ends = named ? {} : kind === 'thickness' ? { low: 0 } : { low: 0, high: 1 }
  const largest = data.reduce(
    (most, value) => (value > most && value < Number.POSITIVE_INFINITY ? value : most),
    0,
  )
  const captions = places.map(at => `${planes > 1 ? `${at}: ` : ''}0-${Number(largest.toPrecision(3))}`)
  return [
    { name: `${name}.npy`, bytes: writeNpy({ data: all, shape: whole }) },
    {
      name: `${name}.png`,
      bytes: fieldPicture({ data, shape: [count, height, width] }, { named, captions, ...ends }),
    },
  ]
}
