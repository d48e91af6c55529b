/** Made films of a scalar that is carried along and spreads, as counts to learn from: whole, frame by frame, and held out. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demand } from '../../src/base/errors.ts'
import { below, random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { coarser, compass, type Drift, evolved, moved, symmetric, units } from './film.ts'
import { arraysIn } from './held.ts'

interface Known {
  readonly c: Drift
  readonly D: number
  readonly caption: string
}

export interface FilmsOptions {
  readonly folder: string
  /** The last films, which are written as they are. */
  readonly heldOut: number
  /** Units for each grey level. */
  readonly grain: number
  /** Sites become sums over so many a side, films every so many-th frame. */
  readonly block: number
  readonly every: number
  /** How often each whole film is seen, each time another way. */
  readonly copies: number
  /** Whether whole films are made by the equation, of the first frame of one and the drift and diffusivity of another. */
  readonly anew: boolean
  readonly seed: number
}

/** A film of counts [frames, side, side], and what is told of it. */
interface Seen {
  readonly film: Uint32Array
  readonly drift: Drift
  readonly spread: number
  readonly caption: string
}

/**
 * Reads `u` [N, F, H, H] and what is known of each, and writes films.npz, steps.npz and held-out.npz to the folder.
 * @throws RangeError for arrays of other shapes, and where not as many are known
 */
export function prepareFilms(films: string, told: string, options: FilmsOptions): void {
  const { folder, heldOut, grain, block, every, copies, anew, seed } = options
  const { data, shape } = arraysIn(films)('u')
  const [count, all, fine] = shape
  const known: Known[] = JSON.parse(readFileSync(told, 'utf8'))
  const what = 'prepare films'
  demand(shape.length === 4 && shape[3] === fine, what, 'the shape of u', '[N, F, H, H]', shape)
  demand(known.length === count, what, 'what is known', `told of each of ${count} films`, known.length)
  const odd = data.findIndex(value => !(Number.isFinite(value) && value >= 0))
  demand(odd < 0, what, `u[${odd}]`, 'a finite number >= 0', data[odd])
  demand(heldOut < count, what, 'the films held out', `fewer than all ${count}`, heldOut)
  demand(fine % block === 0, what, '--block', `a divisor of ${fine}`, block)
  const chosen = Array.from({ length: Math.ceil(all / every) }, (_, f) => f * every)
  const [frames, side] = [chosen.length, fine / block]
  const size = side * side
  const rng = random(seed)
  const kept = count - heldOut
  const frameOf = (i: number, f: number) =>
    data.subarray((i * all + f) * fine ** 2, (i * all + f + 1) * fine ** 2)
  const countsOf = (i: number, frame: (f: number) => ArrayLike<number>) => {
    const mass = grain * Array.from(frameOf(i, 0)).reduce((a, b) => a + b, 0)
    const film = new Uint32Array(frames * size)
    chosen.forEach((f, k) => {
      film.set(coarser(Uint32Array.from(units(frame(f), mass)), { side: fine, block }), k * size)
    })
    return film
  }
  const counts = Array.from({ length: count }, (_, i) => countsOf(i, f => frameOf(i, f)))
  /** A film seen in one of eight ways. */
  const seen = (i: number, kind: number): Seen => {
    const { frames: film, drift } = symmetric({ frames: counts[i], drift: known[i].c, side }, kind)
    const caption = known[i].caption.replace(compass(known[i].c), compass(drift))
    return { film, drift, spread: Math.log10(known[i].D), caption }
  }
  /** The first frame of one film, moved round, with the drift and the diffusivity of another. */
  const mixed = (i: number): Seen => {
    const [j, down, across] = [below(rng, kept), below(rng, fine), below(rng, fine)]
    const first = moved(frameOf(i, 0), { side: fine, by: [down, across] })
    const { c: drift, D } = known[j]
    const film = countsOf(i, f =>
      evolved(first, { side: fine, drift, diffusivity: D, time: f / (all - 1) }).map(v => Math.max(0, v)),
    )
    const [own, other] = [i, j].map(of => known[of].caption.split(' drifting '))
    return { film, drift, spread: Math.log10(D), caption: `${own[0]} drifting ${other[1]}` }
  }
  const whole = Array.from({ length: copies * kept }, (_, k) =>
    anew ? mixed(k % kept) : seen(k % kept, below(rng, 8)),
  )
  const steps = Array.from({ length: kept * (frames - 1) }, (_, k) => {
    const own = seen(k % kept, below(rng, 8))
    const at = Math.floor(k / kept)
    return { ...own, film: own.film.slice(at * size, (at + 2) * size) }
  })
  const held = Array.from({ length: heldOut }, (_, k) => seen(kept + k, 0))
  write(folder, { whole, steps, held }, { side, most: 255 * grain * block ** 2 })
}

interface Written {
  readonly whole: readonly Seen[]
  readonly steps: readonly Seen[]
  readonly held: readonly Seen[]
}

function write(
  folder: string,
  { whole, steps, held }: Written,
  { side, most }: { readonly side: number; readonly most: number },
): void {
  const frames = (of: readonly Seen[]) => of[0].film.length / side ** 2
  const field = (of: readonly Seen[], from: number, to: number) => {
    const size = (to - from) * side ** 2
    const data = new Uint32Array(of.length * size)
    of.forEach(({ film }, i) => {
      data.set(film.subarray(from * side ** 2, to * side ** 2), i * size)
    })
    return { data, shape: [of.length, to - from, side, side] }
  }
  const list = (of: readonly Seen[]) => ({
    drift: { data: Float32Array.from(of.flatMap(({ drift }) => drift)), shape: [of.length, 2] },
    spread: { data: Float32Array.from(of, ({ spread }) => spread), shape: [of.length] },
  })
  const first = (of: readonly Seen[]) => {
    const { data, shape } = field(of, 0, 1)
    return shownFrame(data, shape, most)
  }
  const captions = (of: readonly Seen[]) => of.map(({ caption }) => caption)
  mkdirSync(folder, { recursive: true })
  const put = (name: string, arrays: Parameters<typeof writeNpz>[0]) =>
    writeFileSync(join(folder, name), writeNpz(arrays, { pack: false }))
  const later = frames(whole)
  const beside = { ...list(whole), caption: captions(whole) }
  put('films.npz', { samples: field(whole, 1, later), first: first(whole), ...beside })
  put('steps.npz', { samples: field(steps, 1, 2), now: first(steps), ...list(steps) })
  const known = { ...list(held), caption: captions(held) }
  put('held-out.npz', { samples: field(held, 1, later), first: field(held, 0, 1), ...known })
}

/**
 * A frame [N, 1, side, side] as the network is told it: its counts and their logarithm, both from 0 to 1 of `most`. (What it adds to is the logarithm of the
 * law of a unit, of which counts alone tell little where they are small.)
 */
export function shownFrame(
  counts: ArrayLike<number>,
  [count, , ...sides]: readonly number[],
  most: number,
): NdArray {
  const size = counts.length / count
  const data = new Float32Array(2 * counts.length)
  for (let x = 0; x < counts.length; x++) {
    const at = 2 * size * Math.floor(x / size) + (x % size)
    data[at] = counts[x] / most
    data[at + size] = Math.log1p(counts[x]) / Math.log1p(most)
  }
  return { data, shape: [count, 2, ...sides] }
}
