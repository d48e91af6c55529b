/**
 * Labels of phases on a grid of one to three axes, and how its lines are walked.
 */

import { demand } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'

/** A label 0, 1, … at every site (voxel), row-major: [L], [H, W] or [D, H, W]. */
export interface Labels {
  readonly data: Uint8Array
  readonly shape: readonly number[]
}

/** What a grid is made of, for the doors of what takes one. */
export const gridKinds = { data: 'list', shape: 'list' } as const

/** The label of sites that are not part of the sample: what lies around a core, or was not scanned. */
export const outside = 255

/** One phase on a grid: 1 at the sites that belong to it, 0 elsewhere. */
export type Mask = Labels

/** Something for every axis: `y` from two axes on, `z` of three. */
export type PerAxis<T> = { x: T; y?: T; z?: T }

const letters = ['x', 'y', 'z'] as const

export type AxisName = (typeof letters)[number]

/** Something for every axis under its letter: x is the last one (it runs fastest), y the one before, z the first of three. */
export function perAxis<T>(axes: number, of: (axis: number) => T): PerAxis<T> {
  const entries = Array.from({ length: axes }, (_, i) => [letters[i], of(axes - 1 - i)])
  return Object.fromEntries(entries) as PerAxis<T>
}

/** The same of every axis's value. */
export function mapAxes<T, U>(values: PerAxis<T>, of: (value: T) => U): PerAxis<U> {
  demandGiven('map the axes', { values, of }, { values: 'object', of: 'function' })
  const known = Object.entries(values).filter(([name]) => (letters as readonly string[]).includes(name))
  return Object.fromEntries(known.map(([name, value]) => [name, of(value)])) as PerAxis<U>
}

/** Checks a grid once, at the public door. */
export function demandGrid(grid: Labels, what: string): void {
  demandGiven(what, { grid }, { grid: gridKinds })
  const { data, shape } = grid
  const size = shape.reduce((product, length) => product * length, 1)
  const right = shape.length >= 1 && shape.length <= 3 && shape.every(length => length >= 1)
  demand(right, what, 'the shape', 'of one to three axes, none of them 0', shape)
  demand(data.length === size, what, 'the labels', `${size} in number`, data.length)
}

/** The lengths of the sides of a site, [axes]; checked, 1 where nothing is said. */
export function spacingOf(
  shape: readonly number[],
  spacing: readonly number[] | undefined,
  what: string,
): readonly number[] {
  const sides = spacing ?? shape.map(() => 1)
  const right = sides.length === shape.length && sides.every(side => side > 0 && Number.isFinite(side))
  demand(right, what, 'the spacing', `${shape.length} lengths above 0`, sides)
  return sides
}

/** 1 at the sites of the sample; undefined where all of them are. */
export function insideOf({ data, shape }: Labels): Mask | undefined {
  if (!data.includes(outside)) return undefined
  return { data: data.map(label => (label === outside ? 0 : 1)), shape }
}

/** The sites whose label is `phase`. */
export function phaseOf(grid: Labels, phase: number): Mask {
  demandGiven('find the phase', { grid }, { grid: gridKinds })
  const { data, shape } = grid
  const mask = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) if (data[i] === phase) mask[i] = 1
  return { data: mask, shape }
}

/** The share of the sample's sites that carries each label 0, 1, … up to `labels` − 1 or the largest there is. */
export function fractions(grid: Labels, labels = 0): number[] {
  demandGiven('count the labels', { grid }, { grid: gridKinds })
  const { data } = grid
  const counts = new Float64Array(256)
  for (let i = 0; i < data.length; i++) counts[data[i]]++
  const inside = data.length - counts[outside]
  counts[outside] = 0
  const last = counts.findLastIndex(count => count > 0)
  return Array.from(counts.subarray(0, Math.max(labels, last + 1)), count => count / inside)
}

/** The straight lines of sites along one axis. */
export interface Lines {
  readonly length: number
  /** From a site of a line to the next one. */
  readonly stride: number
  readonly count: number
  /** The first site of line i. */
  start(i: number): number
}

export function linesOf(shape: readonly number[], axis: number): Lines {
  const length = shape[axis]
  const stride = shape.slice(axis + 1).reduce((product, next) => product * next, 1)
  const count = shape.reduce((product, next) => product * next, 1) / length
  return { length, stride, count, start: i => Math.floor(i / stride) * stride * length + (i % stride) }
}

/** The number of sites that carry 1. */
export function sitesOf({ data }: Mask): number {
  let count = 0
  for (let i = 0; i < data.length; i++) count += data[i]
  return count
}
