// Units that jump from any site to any other: the process that docs/extending.md works out.
import { multinomial, scatter } from '../src/base/draws.ts'
import { exp, expm1 } from '../src/base/numeric.ts'
import { checkRatios, hopsOf } from '../src/process/hops.ts'
import type { JumpProcess, ProcessDescription, ReverseStep } from '../src/process/process.ts'
import { duration } from '../src/process/reverse.ts'

export interface TeleportDescription extends ProcessDescription {
  readonly kind: 'teleport'
  readonly sites: number
  readonly rate: number
}

export function teleport({ sites, rate }: Omit<TeleportDescription, 'kind'>): JumpProcess {
  // Jump j leads to site j; a jump to where the unit is would be none.
  const reached = Int32Array.from({ length: sites * sites }, (_, i) => {
    const j = Math.floor(i / sites)
    return i % sites === j ? -1 : j
  })
  const hops = hopsOf(() => reached, { sites, jumps: sites })
  const law = new Float64Array(sites)
  const moved = new Int32Array(sites)
  const once = (verb: string) => (counts: Int32Array, ratios: Float32Array, step: ReverseStep) => {
    checkRatios(verb, ratios)
    hops.hop(counts, ratios, { weight: rate * duration(verb, step), random: step.random })
  }
  return {
    description: { kind: 'teleport', sites, rate } satisfies TeleportDescription as ProcessDescription,
    channels: 1,
    sites,
    shape: [1, sites],
    jumps: sites,
    rate,
    motion: 0,
    conserved: 1,
    corrupt(clean, time, { random, noisy, target }) {
      noisy.fill(0)
      target.fill(0)
      for (let x0 = 0; x0 < sites; x0++) {
        // p_t(x | x0): at x0 still, or anywhere.
        law.fill(-expm1(-sites * rate * time) / sites)
        law[x0] += exp(-sites * rate * time)
        multinomial(random, clean[x0], law, moved)
        for (let x = 0; x < sites; x++) {
          noisy[x] += moved[x]
          // R = Σ over units at x of p_t(j | x0) / p_t(x | x0).
          for (let j = 0; j < sites; j++)
            if (j !== x && moved[x] > 0) target[j * sites + x] += (moved[x] * law[j]) / law[x]
        }
      }
    },
    limit: (masses, { random, out }) => scatter(random, masses[0], out),
    capacity: hops.capacity,
    hop: once('hop'),
    leap: once('leap'),
    bridge: once('bridge'),
    fastest: (counts, ratios) => rate * hops.sums(counts, ratios).largest,
    invariant: counts => [counts.reduce((mass, n) => mass + n, 0)],
  }
}
