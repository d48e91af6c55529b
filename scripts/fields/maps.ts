/** Pairs of fields, the second to be drawn from what is told of the first: made into counts, and read again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cannot, demand } from '../../src/base/errors.ts'
import { normals } from '../../src/base/normal.ts'
import { type Random, random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { openNpz, writeNpz } from '../../src/formats/npz.ts'
import { blurred, type Coding, counted, swapped, withSlack } from './coding.ts'

export interface MapsOptions extends Coding {
  readonly heldOut: number
  /** Values below are raised to it. */
  readonly least: number
  /** Standard deviation of the normal noise in what is told. */
  readonly noise: number
  /** What is told are means over blocks of so many sites a side. */
  readonly block: number
  /** How often each training pair is written, with its own noise; every other time mirrored in the diagonal where `mirrored`. */
  readonly copies: number
  readonly mirrored: boolean
  readonly seed: number
}

/** What a folder of pairs holds; plain data, kept beside them. */
interface Described {
  readonly coding: Coding
  /** [C, H, W] of a field without its slack. */
  readonly shape: readonly [number, number, number]
}

const what = 'prepare pairs of fields'

/**
 * Reads `x` and `y` of an .npz and writes train.npz (`samples`, `given`), held-out.npz (`given`, `counts`, `field`) and maps.json. Where x is [N, L] and y [N, T, L],
 * those are lines at successive times, y[0] = x: the later ones are channels, each with exactly the sum of the first. Where x and y are [N, H, W], y is one channel.
 * @throws RangeError for arrays of other shapes, or with values that cannot become counts
 */
export function prepareMaps(file: string, folder: string, options: MapsOptions): string {
  const pairs = pairsIn(file)
  const { lines, count } = pairs
  const [, height, width] = pairs.y.shape
  const { heldOut, rows, block, copies, mirrored, least, seed } = options
  demand(heldOut < count, what, 'the pairs held out', `fewer than all ${count}`, heldOut)
  demand(!mirrored || (!lines && height === width), what, '--mirrored', 'for square fields', [height, width])
  demand(!lines || (rows === 0 && block === 1), what, '--slack and --blur', 'left out for lines', [
    rows,
    block,
  ])
  const kept = count - heldOut
  const draws = random(seed)
  const pair = (i: number, draw: number, mirror: boolean): Pair => ({
    ...(lines ? linesOf : fieldOf)(rowOf(pairs.y, i), { ...options, width, mirror }),
    given: givenOf(rowOf(pairs.x, i), { ...options, width, lines, mirror, rng: draws.fork(draw) }),
  })
  const made = Array.from({ length: copies * kept }, (_, k) =>
    pair(k % kept, k, mirrored && Math.floor(k / kept) % 2 === 1),
  )
  const held = Array.from({ length: heldOut }, (_, k) => pair(kept + k, copies * kept + k, false))
  const shape = lines ? ([height - 1, 1, width] as const) : ([1, height, width] as const)
  write(folder, { made, held, shape, options })
  const most = made.reduce((found, { counts }) => Math.max(found, sumOf(counts)), 0)
  const raised = Array.from(pairs.y.data).filter(value => value < least).length
  const said = `${made.length} of ${shape.join('×')} to learn from, ${heldOut} held out, at most ${most} units each`
  return raised > 0 ? `${said}; ${raised} values raised to ${least}` : said
}

/** A pair as it is written: what is told, the field [C, H, W], and its counts with their slack. */
interface Pair {
  readonly given: Float64Array
  readonly field: Float64Array
  readonly counts: Int32Array
}

interface One extends MapsOptions {
  readonly width: number
  readonly mirror: boolean
}

/** A field of its own sum. */
function fieldOf(values: Float64Array, one: One) {
  const raised = values.map(value => Math.max(one.least, value))
  const field = one.mirror ? swapped(raised, one.width) : raised
  return { field, counts: withSlack(counted(field, one), one, one.width) }
}

/** The later lines, each with the sum of the first to the nearest unit. */
function linesOf(values: Float64Array, one: One) {
  const { grain, offset, width, least } = one
  const raised = values.map(value => Math.max(least, value))
  const sum = Math.round(grain * (sumOf(raised.subarray(0, width)) + width * offset))
  const counts = new Int32Array(values.length - width)
  for (let at = 0; at < counts.length; at += width)
    counts.set(counted(raised.subarray(at + width, at + 2 * width), one, sum), at)
  return { field: raised.slice(width), counts }
}

/** What is told of a field: with noise, or of blocks alone, and −1 where the slack is. */
function givenOf(
  values: Float64Array,
  { noise, block, rows, width, mirror, lines, rng }: One & { readonly lines: boolean; readonly rng: Random },
): Float64Array {
  const off = new Float64Array(values.length)
  normals(rng, off)
  const first = values.map((value, at) => value + noise * off[at])
  const seen = lines ? first : blurred(mirror ? swapped(first, width) : first, { side: width, block })
  const out = new Float64Array(seen.length + rows * width).fill(-1)
  out.set(seen)
  return out
}

interface Written {
  readonly made: readonly Pair[]
  readonly held: readonly Pair[]
  readonly shape: Described['shape']
  readonly options: MapsOptions
}

function write(folder: string, { made, held, shape, options }: Written): void {
  const { grain, offset, rows, total } = options
  const [channels, height, width] = shape
  mkdirSync(folder, { recursive: true })
  const put = (name: string, arrays: Parameters<typeof writeNpz>[0]) =>
    writeFileSync(join(folder, name), writeNpz(arrays, { pack: false }))
  const all = [channels, height + rows, width]
  const given = (of: readonly Pair[]) => {
    const told = of.map(one => one.given)
    return stacked(Float32Array, told, [1, height + rows, width])
  }
  const counts = (of: readonly Pair[]) => {
    const own = of.map(one => one.counts)
    return stacked(Int32Array, own, all)
  }
  put('train.npz', { samples: counts(made), given: given(made) })
  const fields = held.map(one => one.field)
  put('held-out.npz', {
    counts: counts(held),
    given: given(held),
    field: stacked(Float32Array, fields, shape),
  })
  const described: Described = { coding: { grain, offset, rows, total }, shape }
  writeFileSync(join(folder, 'maps.json'), JSON.stringify(described))
}

/** The pairs of a file. */
function pairsIn(file: string): { x: NdArray; y: NdArray; lines: boolean; count: number } {
  const arrays = openNpz(readFileSync(file), file)
  const [x, y] = ['x', 'y'].map(name => {
    const array = arrays.get(name)?.()
    if (!array || typeof array === 'string')
      throw new RangeError(
        cannot(what, `the arrays of ${file}`, 'x and y of numbers', [...arrays.keys()].join(', ')),
      )
    return array
  })
  const lines = x.shape.length === 2
  const beside = lines ? [y.shape[0], y.shape[2]] : y.shape
  const fits = y.shape.length === 3 && (lines || x.shape.length === 3) && String(x.shape) === String(beside)
  const wanted = '[N, L] and [N, T, L], or both [N, H, W]'
  demand(fits, what, 'the shapes of x and y', wanted, `${x.shape.join('×')} and ${y.shape.join('×')}`)
  const odd = x.data.findIndex(value => !Number.isFinite(value))
  demand(odd < 0, what, `x[${odd}]`, 'a finite number', x.data[odd])
  return { x, y, lines, count: x.shape[0] }
}

/** Rows of one shape, one after the other. */
export function stacked<T extends Float32Array | Int32Array>(
  make: new (length: number) => T,
  of: readonly ArrayLike<number>[],
  shape: readonly number[],
) {
  const size = shape.reduce((a, b) => a * b)
  const data = new make(of.length * size)
  of.forEach((one, i) => {
    data.set(one, i * size)
  })
  return { data, shape: [of.length, ...shape] }
}

/** Held-out pairs of a folder, as rows. */
export function heldMaps(folder: string, most: number) {
  const described: Described = JSON.parse(readFileSync(join(folder, 'maps.json'), 'utf8'))
  const path = join(folder, 'held-out.npz')
  const arrays = openNpz(readFileSync(path), path)
  const rows = (name: string) => rowsOf(arrays.get(name)!() as NdArray, most)
  return { ...described, given: rows('given'), counts: rows('counts'), fields: rows('field') }
}

/** Row number i of an array [N, …]. */
function rowOf({ data, shape }: NdArray, i: number): Float64Array {
  const size = data.length / shape[0]
  return Float64Array.from(data.subarray(i * size, (i + 1) * size))
}

const rowsOf = (array: NdArray, most = Infinity): Float64Array[] =>
  Array.from({ length: Math.min(most, array.shape[0]) }, (_, i) => rowOf(array, i))

export const sumOf = (of: ArrayLike<number>) => Array.from(of).reduce((a, b) => a + b, 0)

/** The training pairs of a folder. */
export function learned(folder: string) {
  const path = join(folder, 'train.npz')
  const arrays = openNpz(readFileSync(path), path)
  return {
    given: rowsOf(arrays.get('given')!() as NdArray),
    counts: rowsOf(arrays.get('samples')!() as NdArray),
  }
}
