// Solvers from their descriptions.
import { describe, expect, it } from 'vitest'
import { lattice, noFlux } from '../../src/lattice/index.ts'
import { spatial } from '../../src/process/index.ts'
import { ancestral, cfl, multistep, type OriginFunction, sample, solver } from '../../src/sampling/index.ts'
import { designed, exponential } from '../../src/schedule/index.ts'

const process = spatial({ lattice: lattice([5, 4], noFlux) })
const origin: OriginFunction = counts => new Float32Array(counts.length).map((_, k) => 0.5 + (k % 5) / 4)

const solvers = [
  ancestral(),
  ancestral({ calls: 3, smallest: 0.2, bend: 0.9, noise: 0.5, settle: false }),
  ancestral({ calls: 5, schedule: exponential({ start: 1e-3 }) }),
  multistep({ calls: 6, damping: 0.6, noise: 2 }),
  multistep({ calls: 5, schedule: designed({ u: [0, 0.3, 1], t: [0.01, 0.2, 1] }) }),
  cfl({ fraction: 0.6, noise: 0 }),
  cfl({ fraction: 0.9, schedule: { times: exponential({ start: 1e-3 }), steps: 20 } }),
]

describe('solver()', () => {
  it.each(solvers.map(one => [JSON.stringify(one.description), one] as const))(
    'rebuilds %s, which draws the same images',
    async (json, one) => {
      const again = solver(JSON.parse(json))
      expect(again.description).toEqual(one.description)
      const run = { process, origin, masses: [[300], [7]], seed: 2, batch: 2 }
      const [before, after] = [await sample({ ...run, solver: one }), await sample({ ...run, solver: again })]
      expect(after.counts).toEqual(before.counts)
      expect(after.calls).toBe(before.calls)
    },
  )

  it('refuses kinds that it does not know', () => {
    for (const kind of ['euler', 'constructor'])
      expect(() => solver({ kind })).toThrow(
        `Cannot rebuild the solver: its kind must be one of ancestral, multistep, variational, cycled, cfl, got "${kind}"`,
      )
  })
})
