// Images as codes and back: every move of every unit as a uniform number through a fixed inverse distribution function.
import { cannot, demand } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { kernels, type Lattice } from '../lattice/index.ts'
import type { JumpProcess } from '../process/process.ts'
import { type GridOptions, grid, type Image, type Solver } from '../sampling/index.ts'
import { latticeWalk } from '../walk/lattice-walk.ts'
import { potentialsOf } from '../walk/potentials.ts'

/** An image as what the sampler would have had to draw. */
export interface Code {
  /** Where every unit is at the first time: sites of its channel, channel by channel. */
  readonly places: Int32Array
  /** [calls, axes, units], in (0, 1): of every unit, by which it moves along an axis. */
  readonly uniforms: Float64Array
}

export interface CodedOptions extends GridOptions {
  /** Of the walk, which must be of one or two axes. */
  readonly lattice: Lattice
}

/** Rounds of the potentials, as the processes have them. */
const ROUNDS = 6

/** No place is quite impossible: this share of the weight of a line is even. */
const EVEN = 1e-9

/** Where the units of one image are, and where they have been on their way forward. */
interface Units {
  readonly code: Code
  /** Sites at each call, and between the axes of the step after it; empty for a decoder. */
  readonly path: readonly Int32Array[]
  readonly now: Int32Array
  /** Units of each channel. */
  readonly masses: readonly number[]
}

/**
 * Solvers that write and read codes (*Unifying Diffusion Models' Latent Space*, arXiv 2210.05559, on counts). To encode an image, each
 * of its units walks forward, step by step of the grid and axis by axis, exactly; then the reverse walk is gone, and at each
 * move, of which the place is known, a uniform number is drawn that makes the inverse distribution function of the move, in the fixed order
 * of the places, come to it. To decode, units move by these numbers: with the same origins to the same image, bit for bit; with
 * others (another class, another model) to the image that the same draws make there. No draw decides how many units there are.
 */
export function coded({ lattice, ...options }: CodedOptions): {
  /** Encodes the images that `sample` goes on from; `keep` is given the code of each. The images come out as they went in. */
  encoder(keep: (image: number, code: Code) => void): Solver
  /** Decodes image by image; what `sample` goes on from matters by its masses alone. */
  decoder(codeOf: (image: number) => Code): Solver
} {
  const times = grid(options)
  const { calls } = times
  const axes = lattice.axes.length
  demand(axes <= 2, 'code images', 'the lattice', 'of one or two axes', axes)
  const mover = moverOf(lattice)

  function solver(
    kind: string,
    begin: (process: JumpProcess, image: Image) => Units,
    end?: (image: Image) => void,
  ): Solver {
    return {
      description: { kind, ...times.description },
      calls,
      start: () => 1,
      resume(process, image) {
        const units = begin(process, image)
        image.memory = units
        laid(units, lattice.size, image.counts)
        return 1
      },
      advance(process, image, origin) {
        const units = image.memory as Units
        const to = times.time(process, image.step + 1)
        const taus = { from: process.rate * image.time, to: process.rate * to }
        mover.back(units, { counts: image.counts, origin, step: image.step, random: image.random, ...taus })
        laid(units, lattice.size, image.counts)
        if (to === 0) end?.(image)
        return to
      },
    }
  }

  return {
    encoder: keep =>
      solver(
        'encoder',
        (process, { counts, random }) => {
          const masses = massesOf(counts, lattice.size)
          const clean = placesOf(counts, lattice.size)
          const path = [clean]
          for (let call = calls - 1; call >= 0; call--) {
            const span = process.rate * (times.time(process, call) - times.time(process, call + 1))
            for (let axis = axes - 1; axis >= 0; axis--)
              path.unshift(mover.forward(path[0], { axis, span, random }))
          }
          const [places] = path
          const uniforms = new Float64Array(calls * axes * places.length)
          return { code: { places, uniforms }, path, now: places.slice(), masses }
        },
        image => keep(image.number, (image.memory as Units).code),
      ),
    decoder: codeOf =>
      solver('decoder', (_, { number, counts }) => {
        const code = codeOf(number)
        const masses = massesOf(counts, lattice.size)
        const units = masses.reduce((sum, mass) => sum + mass, 0)
        demand(
          code.places.length === units,
          'decode',
          'the units of a code',
          String(units),
          code.places.length,
        )
        demand(
          code.uniforms.length === calls * axes * units,
          'decode',
          'the calls',
          'those of the code',
          calls,
        )
        return { code, path: [], now: code.places.slice(), masses }
      }),
  }
}

interface Back {
  readonly counts: Int32Array
  readonly origin: Float32Array
  readonly step: number
  readonly random: Random
  readonly from: number
  readonly to: number
}

/** A uniform number that comes to a place along an axis, and the place that it is sought from. */
interface Sought {
  readonly length: number
  readonly z: number
  readonly u: number
}

/** Moves lists of units over a lattice. */
function moverOf(lattice: Lattice) {
  const { size, axes, strides } = lattice
  const walk = latticeWalk(lattice)
  const tables = kernels(lattice)
  const potentials = potentialsOf(walk, ROUNDS)
  const [weight, lean] = [new Float64Array(size), new Float64Array(size)]

  /** Running sums of the weights of the places along an axis from every site: [size, length]. */
  function sumsAlong(axis: number, tau: number, field: Float64Array | undefined): Float64Array {
    const { length } = axes[axis]
    const stride = strides[axis]
    const table = tables[axis].at(tau)
    const sums = new Float64Array(size * length)
    for (let x = 0; x < size; x++) {
      const at = Math.floor(x / stride) % length
      const line = x - at * stride
      let total = 0
      for (let z = 0; z < length; z++) {
        total += table[at * length + z] * (field ? field[line + z * stride] : 1)
        sums[x * length + z] = total
      }
      // A line without any weight is even as well.
      const even = total > 0 && total < Infinity ? (EVEN * total) / length : 1
      if (field) for (let z = 0; z < length; z++) sums[x * length + z] += even * (z + 1)
    }
    return sums
  }

  /** The place along an axis that a uniform number comes to; sought from where the unit is, since most moves are short. */
  function placeOf(sums: Float64Array, x: number, { length, z: from, u }: Sought): number {
    const line = x * length
    const at = u * sums[line + length - 1]
    let z = from
    while (z > 0 && sums[line + z - 1] > at) z--
    while (z < length - 1 && sums[line + z] <= at) z++
    return z
  }

  /** Where a site lies along an axis. */
  const along = (x: number, axis: number) => Math.floor(x / strides[axis]) % axes[axis].length

  /** A uniform number that comes to a given place. */
  function uniformFor(
    sums: Float64Array,
    x: number,
    { length, z, random }: { length: number; z: number; random: Random },
  ): number {
    const total = sums[x * length + length - 1]
    const low = z === 0 ? 0 : sums[x * length + z - 1]
    const high = sums[x * length + z]
    for (let go = 0; go < 8; go++) {
      const u = (low + (high - low) * (go < 7 ? random.uniform() : 0.5)) / total
      if (placeOf(sums, x, { length, z, u }) === z) return u
    }
    throw new RangeError(cannot('encode', 'a move', 'one that the origin allows', z))
  }

  return {
    forward(
      places: Int32Array,
      { axis, span, random }: { axis: number; span: number; random: Random },
    ): Int32Array {
      const { length } = axes[axis]
      const sums = sumsAlong(axis, span, undefined)
      return places.map(x => {
        const z = along(x, axis)
        return x + (placeOf(sums, x, { length, z, u: random.uniform() }) - z) * strides[axis]
      })
    },

    /** One step of the grid, axis by axis; the product of the moves is that of `Walk.move` with a weight. */
    back({ code, path, now, masses }: Units, { counts, origin, step, random, from, to }: Back): void {
      let first = 0
      masses.forEach((mass, c) => {
        const part = counts.subarray(c * size, (c + 1) * size)
        const expected = scaled(origin.subarray(c * size, (c + 1) * size), mass)
        const potential = potentials({ counts: part, origin: expected, tau: from })
        if (to > 0) walk.spread(potential, to, weight)
        else weight.set(potential)
        for (let axis = 0; axis < axes.length; axis++) {
          const { length } = axes[axis]
          const last = axis === axes.length - 1
          if (!last) carried(axis + 1, from - to)
          const sums = sumsAlong(axis, from - to, last ? weight : lean)
          const at = (step * axes.length + axis) * now.length
          const known = path[step * axes.length + axis + 1]
          for (let unit = first; unit < first + mass; unit++) {
            const x = now[unit]
            const from = along(x, axis)
            const z = known
              ? along(known[unit], axis)
              : placeOf(sums, x, { length, z: from, u: code.uniforms[at + unit] })
            if (known) code.uniforms[at + unit] = uniformFor(sums, x, { length, z, random })
            now[unit] = x + (z - from) * strides[axis]
          }
        }
        first += mass
      })
    },
  }

  /** Writes the weight, carried on along one axis. */
  function carried(axis: number, tau: number): void {
    const { length } = axes[axis]
    const stride = strides[axis]
    const table = tables[axis].at(tau)
    for (let x = 0; x < size; x++) {
      const at = Math.floor(x / stride) % length
      let sum = 0
      for (let z = 0; z < length; z++) sum += table[at * length + z] * weight[x + (z - at) * stride]
      lean[x] = sum
    }
  }
}

/** An origin of a given mass, even where nothing is told. */
function scaled(origin: Float32Array, mass: number): Float64Array {
  let sum = 0
  for (const told of origin) if (told > 0) sum += told
  const known = sum > 0 && sum < Infinity
  return Float64Array.from(origin, told => (known ? (Math.max(0, told) / sum) * mass : mass / origin.length))
}

function massesOf(counts: Int32Array, sites: number): number[] {
  return Array.from({ length: counts.length / sites }, (_, c) =>
    counts.subarray(c * sites, (c + 1) * sites).reduce((sum, n) => sum + n, 0),
  )
}

/** The site of every unit, channel by channel. */
function placesOf(counts: Int32Array, sites: number): Int32Array {
  const places = new Int32Array(counts.reduce((sum, n) => sum + n, 0))
  let unit = 0
  for (let at = 0; at < counts.length; at++) for (let n = counts[at]; n > 0; n--) places[unit++] = at % sites
  return places
}

function laid({ now, masses }: Units, sites: number, counts: Int32Array): void {
  counts.fill(0)
  let unit = 0
  masses.forEach((mass, c) => {
    for (const end = unit + mass; unit < end; unit++) counts[c * sites + now[unit]]++
  })
}
