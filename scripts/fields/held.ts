/** Held-out films: what is known of them, how far others are from them, and how both look. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NdArray } from '../../src/formats/array.ts'
import { fieldPicture } from '../../src/formats/field-picture.ts'
import { openNpz } from '../../src/formats/npz.ts'
import { toldArrays } from '../../src/jobs/input/told.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { away, type Drift, evolved } from './film.ts'

/** The arrays of a file by name. */
export function arraysIn(path: string): (name: string) => NdArray {
  const arrays = openNpz(readFileSync(path), path)
  return name => arrays.get(name)!() as NdArray
}

/** Held-out films [N, F + 1, side, side] as rows, the first `most` of them, and what is told of them. */
export function held(folder: string, most = Infinity) {
  const path = join(folder, 'held-out.npz')
  const [samples, first, drift, spread] = ['samples', 'first', 'drift', 'spread'].map(arraysIn(path))
  const [all, later, side] = samples.shape
  const count = Math.min(all, most)
  const size = side * side
  const films = Array.from({ length: count }, (_, i) => {
    const film = new Float64Array((later + 1) * size)
    film.set(first.data.subarray(i * size, (i + 1) * size))
    film.set(samples.data.subarray(i * later * size, (i + 1) * later * size), size)
    return film
  })
  const lists = toldArrays(path, { files: machineFiles })
  const mass = films.map(film => film.subarray(0, size).reduce((a, b) => a + b, 0))
  const knownDrift = (i: number): Drift => [drift.data[2 * i], drift.data[2 * i + 1]]
  return { films, first, drift, knownDrift, spread, lists, mass, count, later, side, size }
}

export type Held = ReturnType<typeof held>

export const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
export const percent = (of: number) => `${(100 * of).toFixed(1)} %`

/** Prints how far films are from the held-out ones, frame by frame and in all. */
export function report(name: string, made: readonly ArrayLike<number>[], { films, later, size }: Held) {
  const part = (of: ArrayLike<number>, from: number, to: number) =>
    Array.from(of).slice(from * size, to * size)
  const errors = (from: number, to: number) =>
    films.map((film, i) => away(part(made[i], from, to), part(film, from, to)))
  const frames = Array.from({ length: later }, (_, f) => percent(mean(errors(f + 1, f + 2))))
  const all = errors(1, later + 1).sort((a, b) => a - b)
  const middle = all[all.length >> 1]
  console.log(`| ${name} | ${percent(mean(all))} | ${percent(middle)} | ${frames.join(' | ')} |`)
}

export const header = (later: number) =>
  console.log(
    `| | mean | median | ${Array.from({ length: later }, (_, f) => f + 1).join(' | ')} |\n|${'---|'.repeat(later + 3)}`,
  )

/** A film of its frames from 0 on. */
export function filmOf(later: number, size: number, frame: (f: number) => ArrayLike<number>) {
  const film = new Float64Array((later + 1) * size)
  for (let f = 0; f <= later; f++) film.set(frame(f), f * size)
  return film
}

/** Films below each other, a frame a column; brightness is relative to the first frame of each. */
export function show(
  path: string,
  films: readonly ArrayLike<number>[],
  { later, side }: Pick<Held, 'later' | 'side'>,
) {
  const data = Float32Array.from(
    films.flatMap(film => {
      const first = Math.max(...Array.from(film).slice(0, side * side))
      return Array.from(film, value => value / first)
    }),
  )
  const shape = [films.length * (later + 1), side, side]
  writeFileSync(path, fieldPicture({ data, shape }, { columns: later + 1, scale: 2 }))
}

/** What cannot be helped, and what nothing learned would give. */
export function still(truth: Held): void {
  const { films, knownDrift, spread, later, side, size } = truth
  const all = (of: (film: Float64Array, i: number, f: number) => ArrayLike<number>) =>
    films.map((film, i) => filmOf(later, size, f => of(film, i, f)))
  report(
    'the first frame, kept',
    all(film => film.subarray(0, size)),
    truth,
  )
  report(
    'the equation from the first frame',
    all((film, i, f) =>
      evolved(film.subarray(0, size), {
        side,
        drift: knownDrift(i),
        diffusivity: 10 ** spread.data[i],
        time: f / later,
      }),
    ),
    truth,
  )
}
