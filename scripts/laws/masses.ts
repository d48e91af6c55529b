/** Fuzzed steps of the walks on a lattice, whole, of labels and confined: any counts, any origin, any step. */
import { below, type Random } from '../../src/base/random.ts'
import { lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { confined, type JumpProcess, labels, spatial } from '../../src/process/index.ts'

/** A process on a small lattice of any kind. */
function anyProcess(rng: Random): JumpProcess {
  const lengths = Array.from({ length: 1 + below(rng, 3) }, () => 2 + below(rng, 4))
  const grid = lattice(
    lengths,
    lengths.map(() => (rng.uniform() < 0.5 ? periodic : noFlux)),
  )
  const channels = 1 + below(rng, 3)
  const kind = below(rng, 3)
  if (kind === 0) return spatial({ lattice: grid, channels })
  if (kind === 1) return labels({ lattice: grid, channels: Math.min(2, channels) })
  const open = Uint8Array.from({ length: channels * grid.size }, () => (rng.uniform() < 0.8 ? 1 : 0))
  // A region without any site is none.
  for (let c = 0; c < channels; c++) open[c * grid.size] = 1
  return confined({ lattice: grid, channels, open })
}

/** Numbers as a network may tell them, and worse. */
function anyOrigin(rng: Random, out: Float32Array): void {
  const kind = below(rng, 5)
  for (let i = 0; i < out.length; i++)
    out[i] =
      kind === 0
        ? 0
        : kind === 1
          ? rng.uniform()
          : kind === 2
            ? 10 ** (20 * rng.uniform() - 10)
            : kind === 3
              ? rng.uniform() < 0.9
                ? 0
                : 100
              : 1
}

/** What went wrong in so many steps; undefined: nothing. Every process is used for a few hundred of them. */
export function fuzzMasses(steps: number, rng: Random): string | undefined {
  for (let done = 0; done < steps; ) {
    const process = anyProcess(rng)
    const { channels, sites, conserved } = process
    const counts = new Int32Array(channels * sites)
    const origin = new Float32Array(counts.length * process.link.width)
    const masses = Array.from({ length: conserved }, () =>
      below(rng, process.description.kind === 'labels' ? 1 + (sites >> 2) : 40),
    )
    for (let k = 0; k < 20 && done < steps; k++) {
      process.limit(masses, { random: rng, out: counts })
      for (let i = 0, from = 1; i < 16 && done < steps && from > 0; i++, done++) {
        anyOrigin(rng, origin)
        const to = i === 15 ? 0 : from * rng.uniform()
        process.undo(counts, origin, {
          from,
          to,
          random: rng,
          noise: rng.uniform() < 0.5 ? 1 : 2 * rng.uniform(),
        })
        if (to === 0) process.settle?.(counts, origin)
        from = to
        const now = process.invariant(counts)
        const whole = counts.every(n => Number.isInteger(n) && n >= 0)
        if (whole && now.join() === masses.join()) continue
        return `${JSON.stringify(process.description)}: ${masses} became ${now} in a step to ${to}`
      }
    }
  }
  return undefined
}
