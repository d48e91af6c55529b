// How long a step may be, and how fast errors fall with it, where the path of an image is smooth: many units.
import { log } from '../../base/numeric.ts'
import { heavyBall } from '../multistep.ts'
import type { Order } from './stepped.ts'

export interface Rule {
  readonly order: Order
  /** beta in (0, 1]; 1 is none. */
  readonly damping: number
}

/** The rule of the solvers for x' = f, with v and its change carried as `multistep` carries them. */
function stepping({ order, damping }: Rule) {
  const beyond = order === 2 ? heavyBall(damping, 1) : 0
  let velocity: number | undefined
  return (x: number, slope: number, h: number): number => {
    const before = velocity ?? slope
    velocity = (1 - damping) * before + damping * slope
    return x + h * (velocity + beyond * (velocity - before))
  }
}

/** Steps after which what grows has grown, and the accuracy of the limit. */
const STEPS = 20_000
const NEAR = 1e-5

/** The largest h for which x' = -x stays bounded (the real axis): (2 - beta) for order 2, 2 (2 - beta) / beta for order 1. */
export function stabilityLimit(rule: Rule): number {
  const bounded = (h: number) => {
    const step = stepping(rule)
    let x = 1
    for (let n = 0; n < STEPS && Math.abs(x) < 1e6; n++) x = step(x, -x, h)
    return Math.abs(x) < 10
  }
  let [low, high] = [0, 64]
  while (high - low > NEAR) {
    const middle = (low + high) / 2
    if (bounded(middle)) low = middle
    else high = middle
  }
  return low
}

/** The error at u = 2 on x' = x cos u, x(0) = 1, whose path is exp(sin u). */
export function smoothError(rule: Rule, steps: number): number {
  const step = stepping(rule)
  const h = 2 / steps
  let x = 1
  for (let n = 0; n < steps; n++) x = step(x, x * Math.cos(n * h), h)
  return Math.abs(x - Math.exp(Math.sin(2)))
}

/** The slope of -log error against log calls, by least squares. */
export function fittedOrder(points: readonly { readonly calls: number; readonly error: number }[]): number {
  const xs = points.map(({ calls }) => log(calls))
  const ys = points.map(({ error }) => log(error))
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b) / list.length
  const [mx, my] = [mean(xs), mean(ys)]
  const covariance = xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0)
  return -covariance / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
}
