// The law that a solver gives to one unit: a single image of a vast mass, whose units are independent given exact rates.

import { random } from '../../src/base/random.ts'
import type { Lattice } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { type Image, mixtureRates, type Solver } from '../../src/sampling/index.ts'

const MASS = 1e9

/** Total variation between the law of one unit at time `until` and the exact one, to about 3e-5; the calls made. */
export async function distance(
  solver: Solver,
  { lattice, image, until = 0 }: { lattice: Lattice; image: readonly number[]; until?: number },
): Promise<{ error: number; calls: number }> {
  const process = spatial({ lattice })
  const { rates, laws } = mixtureRates({ lattice, rate: process.rate, images: [image] })
  const moving: Image = {
    counts: new Int32Array(lattice.size),
    time: solver.start(process),
    step: 0,
    random: random(1),
  }
  process.limit([MASS], { random: moving.random, out: moving.counts })
  while (moving.time > until * (1 + 1e-9)) {
    const ratios = await rates(moving.counts, Float64Array.of(moving.time))
    moving.time = solver.advance(process, moving, ratios)
    moving.step++
  }
  const law = laws(moving.time)
  let error = 0
  for (let x = 0; x < lattice.size; x++) error += Math.abs(moving.counts[x] / MASS - law[x]) / 2
  return { error, calls: moving.step }
}

/** Slope of log error against log calls between the first and the last. */
export function order(points: readonly { error: number; calls: number }[]): number {
  const [a, b] = [points[0], points[points.length - 1]]
  return Math.log(a.error / b.error) / Math.log(b.calls / a.calls)
}
