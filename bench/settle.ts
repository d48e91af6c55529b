// The final assignment of counts to labels: milliseconds per image, and how far the units go.
import { random } from '../src/base/random.ts'
import { lattice } from '../src/lattice/index.ts'
import { spatial } from '../src/process/index.ts'
import { type Settled, type SettleOptions, settle } from '../src/sampling/index.ts'

interface Case {
  readonly side: number
  readonly phases: number
  /** How far the grains are walked before they are settled. */
  readonly tau: number
}

const cases: readonly Case[] = [
  { side: 64, phases: 1, tau: 0.02 },
  { side: 64, phases: 1, tau: 0.05 },
  { side: 64, phases: 2, tau: 0.05 },
  { side: 256, phases: 1, tau: 0.02 },
  { side: 256, phases: 2, tau: 0.05 },
  { side: 512, phases: 2, tau: 0.05 },
  { side: 64, phases: 1, tau: 1000 },
]

/** Measures every case without and with an occupancy, and prints the table. */
export function run({ seconds = 0.5 }: { seconds?: number } = {}): void {
  const columns = [
    'sites'.padEnd(12),
    ...['phases', 'tau', 'too many', 'ms', 'guided', 'correcting', 'hops', 'most'].map(c => c.padStart(11)),
  ]
  console.log(columns.join(''))
  for (const each of cases) {
    const { counts, occupancy } = walked(each)
    const options: SettleOptions = {
      lattice: lattice([each.side, each.side], 'periodic'),
      channels: each.phases,
    }
    const plain = timed(counts, options, seconds)
    const guided = timed(counts, { ...options, occupancy }, seconds)
    const correcting = timed(counts, { ...options, occupancy, inertia: 1 }, seconds)
    const { moved, distance, farthest } = plain.settled
    const cells = [each.phases, each.tau, moved]
    const times = [plain, guided, correcting].map(({ ms }) => ms.toFixed(1))
    const far = [(distance / Math.max(1, moved)).toFixed(2), farthest]
    const row = [...cells, ...times, ...far].map(cell => String(cell).padStart(11))
    console.log(`${`${each.side}x${each.side}`.padEnd(12)}${row.join('')}`)
  }
}

/** Processor milliseconds of one call: the least of several, so that work of others counts little. */
function timed(
  counts: Int32Array,
  options: SettleOptions,
  seconds: number,
): { ms: number; settled: Settled } {
  const clock = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
  let settled = settle(counts, options)
  let ms = Infinity
  for (const from = clock(); clock() - from < 1000 * seconds; ) {
    const before = clock()
    settled = settle(counts, options)
    ms = Math.min(ms, clock() - before)
  }
  return { ms, settled }
}

/** Round grains of one or two phases over four fifths of the sites, walked; and how likely each phase was where. */
function walked({ side, phases, tau }: Case): { counts: Int32Array; occupancy: Float32Array } {
  const source = random(1)
  const sites = side * side
  const waves = Array.from({ length: 24 }, () => {
    const angle = 6.283 * source.uniform()
    const long = side / 12
    return [Math.round(long * Math.cos(angle)), Math.round(long * Math.sin(angle)), 6.283 * source.uniform()]
  })
  const heights = Float64Array.from({ length: sites }, (_, x) =>
    waves.reduce(
      (sum, [a, b, c]) => sum + Math.cos((6.283 * (a * Math.floor(x / side) + b * (x % side))) / side + c),
      0,
    ),
  )
  const sorted = heights.slice().sort()
  const clean = new Int32Array(phases * sites)
  heights.forEach((height, x) => {
    if (height < sorted[Math.floor(0.2 * sites)]) return
    const phase = phases > 1 && height > sorted[Math.floor(0.8 * sites)] ? 1 : 0
    clean[phase * sites + x] = 1
  })
  const walk = spatial({ lattice: lattice([side, side], 'periodic'), channels: phases, rate: tau })
  const counts = new Int32Array(clean.length)
  walk.corrupt(clean, 1, { random: source, noisy: counts, target: new Float32Array(4 * clean.length) })
  const occupancy = Float32Array.from(clean, n => 0.02 + 0.9 * n + 0.06 * (source.uniform() - 0.3))
  return { counts, occupancy: occupancy.map(q => Math.max(0, q / (1 + 0.05 * phases))) }
}
