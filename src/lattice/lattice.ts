// A lattice of any number of axes, its neighbours in the one fixed order of directions, and how fast it mixes.

import { cannot, demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { exp, log } from '../base/numeric.ts'
import { type Boundary, type BoundaryName, boundary } from './boundary.ts'
import type { AxisKernels } from './kernel.ts'

export interface Axis {
  readonly length: number
  readonly boundary: Boundary
}

/** Sites in row-major order: axis 0 is the slowest index (rows of an image), the last axis the fastest. */
export interface Lattice {
  readonly axes: readonly Axis[]
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  /** Number of sites. */
  readonly size: number
}

/** What a lattice is made of, for the doors of what takes one. */
export const latticeKinds = { axes: 'objects', shape: 'list', strides: 'list', size: 'number' } as const

/** A boundary, or its name. */
export type BoundaryChoice = Boundary | BoundaryName

/** A lattice of the given lengths, with one boundary for all axes or one per axis. */
export function lattice(
  lengths: readonly number[],
  boundaries: BoundaryChoice | readonly BoundaryChoice[],
): Lattice {
  const what = 'build the lattice'
  if (!isList(lengths)) throw new TypeError(cannot(what, 'the lengths', 'a list of integers', lengths))
  demand(lengths.length >= 1, what, 'the list of lengths', 'one length per axis, at least one', lengths)
  for (const length of lengths)
    demand(Number.isSafeInteger(length) && length >= 1, what, 'every length', 'an integer >= 1', length)
  const choices = isList<BoundaryChoice>(boundaries) ? boundaries : lengths.map(() => boundaries)
  const wanted = `${lengths.length}, one per axis`
  demand(choices.length === lengths.length, what, 'the number of boundaries', wanted, choices.length)
  const size = lengths.reduce((product, length) => product * length, 1)
  demand(size <= 2 ** 31 - 1, what, 'the number of sites', 'at most 2147483647', size)
  const strides = lengths.map(() => 1)
  for (let axis = lengths.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * lengths[axis + 1]
  const axes = lengths.map((length, i) => ({ length, boundary: chosen(choices[i]) }))
  return { axes, shape: [...lengths], strides, size }
}

/** How many directions a unit can hop in: 2 per axis. Direction 2 axis is the hop -1 along it, 2 axis + 1 the hop +1. */
export function directions(lattice: Lattice): number {
  demandGiven('count the directions', { lattice }, { lattice: latticeKinds })
  return 2 * lattice.axes.length
}

/** The site reached from site x by direction j, at [j * size + x]; -1 where a wall forbids the hop. */
export function neighbours(lattice: Lattice): Int32Array {
  demandGiven('find the neighbours', { lattice }, { lattice: latticeKinds })
  const { axes, strides, size } = lattice
  const reached = new Int32Array(directions(lattice) * size)
  axes.forEach(({ length, boundary }, axis) => {
    const stride = strides[axis]
    for (const hop of [-1, 1] as const) {
      const start = (2 * axis + (hop === 1 ? 1 : 0)) * size
      for (let site = 0; site < size; site++) {
        const x = Math.floor(site / stride) % length
        const y = boundary.neighbour(x, hop, length)
        reached[start + site] = y < 0 ? -1 : site + (y - x) * stride
      }
    }
  })
  return reached
}

/** Exact kernels, one per axis in order; axes that are alike share one. Make once, ask at every tau. */
export function kernels(lattice: Lattice): readonly AxisKernels[] {
  const made: { axis: Axis; kernels: AxisKernels }[] = []
  return lattice.axes.map(axis => {
    const alike = made.find(m => m.axis.length === axis.length && m.axis.boundary === axis.boundary)
    if (alike) return alike.kernels
    const fresh = { axis, kernels: axis.boundary.kernels(axis.length) }
    made.push(fresh)
    return fresh.kernels
  })
}

/**
 * The hop rate r (per direction, per unit time) that leaves `residual` of the slowest mode at t = 1:
 * exp(-r slowest) = residual. About 0.15 L² for a periodic axis and 0.61 L² between walls at the default e^-6.
 * 0 where the lattice has a single site.
 */
export function hopRate(lattice: Lattice, residual: number = exp(-6)): number {
  demandGiven('find the rate', { lattice, residual }, { lattice: latticeKinds, residual: 'number' })
  demand(
    residual > 0 && residual < 1,
    'choose the hop rate',
    'the residual',
    'between 0 and 1, exclusive',
    residual,
  )
  return -log(residual) / slowest(lattice)
}

/**
 * What is left at tau = rate * t of the slowest mode, in [0, 1]: how far a unit still is from uniform. Above 0.05 the
 * uniform prior does not describe the noisy image well enough to start from it.
 */
export function unmixed(lattice: Lattice, tau: number): number {
  demandGiven('tell what is left', { lattice, tau }, { lattice: latticeKinds, tau: 'number' })
  demand(tau >= 0, 'tell what is unmixed', 'tau', '>= 0', tau)
  const decay = slowest(lattice)
  return decay === Infinity ? 0 : exp(-tau * decay)
}

/** Decay exponent per unit tau of the slowest mode of the slowest axis. */
function slowest(lattice: Lattice): number {
  return Math.min(...lattice.axes.map(({ length, boundary }) => boundary.slowest(length)))
}

/** A boundary of our own, or of somebody else's who has all that one owes. */
function chosen(choice: BoundaryChoice): Boundary {
  const owed = ['period', 'neighbour', 'fold', 'slowest', 'kernels'] as const
  if (typeof choice === 'object' && owed.every(name => typeof choice?.[name] === 'function')) return choice
  return boundary(choice as BoundaryName)
}

/** Array.isArray() knows no readonly lists. */
function isList<T>(value: unknown | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
