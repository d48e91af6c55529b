// Solvers from their descriptions.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { bridge, cfl, leap, type RateFunction, sample, solver } from '../../src/sampling/index.ts'
import { exponential } from '../../src/schedule/index.ts'

const process = spatial({ lattice: lattice([5, 4], noFlux) })
const rate: RateFunction = counts =>
  new Float32Array(counts.length * process.jumps).map((_, k) => 0.5 + (k % 5) / 4)

const solvers = [
  leap({ calls: 5 }),
  leap({ calls: 3, smallest: 0.2, bend: 0, substeps: 2, churn: 0.7, momentum: 0.5 }),
  cfl({ fraction: 0.6 }),
  cfl({ fraction: 0.9, schedule: { times: exponential({ start: 1e-3 }), steps: 20 } }),
  bridge({ calls: 6, until: 0.5, spread: 0.3 }),
  bridge({ calls: 5, schedule: exponential({ start: 1e-3 }) }),
  leap({ calls: 5, schedule: exponential({ start: 1e-3 }) }),
]

describe('solver()', () => {
  it.each(solvers.map(one => [JSON.stringify(one.description), one] as const))(
    'rebuilds %s, which draws the same images',
    async (json, one) => {
      const again = solver(JSON.parse(json))
      expect(again.description).toEqual(one.description)
      const run = { process, rate, masses: [[300], [7]], seed: 2, batch: 2 }
      const [before, after] = [await sample({ ...run, solver: one }), await sample({ ...run, solver: again })]
      expect(after.counts).toEqual(before.counts)
      expect(after.calls).toBe(before.calls)
    },
  )

  it('refuses kinds that it does not know', () => {
    for (const kind of ['euler', 'constructor'])
      expect(() => solver({ kind })).toThrow(
        `Cannot rebuild the solver: its kind must be one of leap, bridge, cfl, got "${kind}"`,
      )
  })
})
