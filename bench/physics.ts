// Events per second and core of the simulator of units, against a plain Gillespie loop and NumPy, on one column.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { finish } from '../src/base/work.ts'
import {
  elutionShare,
  elutionSums,
  fitAnalyte,
  fitCouple,
  fitCurve,
  fullColumn,
  kineticColumn,
  latticeWalk,
  wander,
  zeroRangeCouple,
} from '../src/physics/index.ts'

const column = { sites: 200, hop: 100, adsorb: 20, desorb: 30 }

/** The textbook loop: Math.random, Math.log, the propensities summed anew at every event. */
function gillespie(units: number): number {
  let events = 0
  for (let unit = 0; unit < units; unit++) {
    let [t, x, stuck] = [0, 0, false]
    while (x < column.sites) {
      const rates = stuck ? [0, 0, column.desorb] : [column.hop, column.adsorb, 0]
      const total = rates.reduce((sum, rate) => sum + rate, 0)
      t -= Math.log(1 - Math.random()) / total
      let pick = Math.random() * total
      let k = 0
      while (pick >= rates[k]) pick -= rates[k++]
      if (k === 0) x++
      else stuck = k === 1
      events++
    }
    if (t < 0) throw new Error('time went back')
  }
  return events
}

function ours(units: number): number {
  const { sites, hop, adsorb, desorb } = column
  const network = latticeWalk({
    axes: [{ length: sites, forward: hop, backward: 0, ends: ['reflecting', 'absorbing'] }],
    mobility: [1, 0],
    switches: [
      { from: 0, to: 1, rate: adsorb },
      { from: 1, to: 0, rate: desorb },
    ],
  })
  return finish(wander({ network, units, seed: 1, until: Infinity, start: 0 })).events
}

/** Best of eight rounds, in millions of events per second of a processor: others may use the machine as well. */
function speed(work: (units: number) => number, units: number): number {
  let best = 0
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage()
    const events = work(units)
    const { user, system } = process.cpuUsage(before)
    best = Math.max(best, events / (user + system))
  }
  return best
}

function numpy(units: number): number {
  const script = fileURLToPath(new URL('../../bench/peers/wander.py', import.meta.url))
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, [script, String(units)], { encoding: 'utf8' })
    if (status !== 0) continue
    const [events, seconds] = stdout.split(' ').map(Number)
    return events / seconds / 1e6
  }
  return Number.NaN
}

/** A breakthrough curve fitted by the Laplace solution, and by finite volumes of the full equations: milliseconds. */
function fits(): { laplace: number; full: number; apart: number } {
  const times = Float64Array.from({ length: 300 }, (_, i) => 0.5 + 0.5 * i)
  const law = kineticColumn({ dead: 30, adsorb: 1.5, desorb: 1 })
  const values = elutionShare(law, times).map((share, i) => 400 * share + 3 * Math.sin(37 * i))
  const fast = () => fitAnalyte({ times, values }, { dead: 30, model: 'kinetic', input: 'step' })
  let laplace = Infinity
  for (let round = 0; round < 10; round++) {
    const began = performance.now()
    fast()
    laplace = Math.min(laplace, performance.now() - began)
  }
  const began = performance.now()
  const { parameters } = fitCurve({
    values,
    weights: values.map(() => 1),
    start: [Math.log(1.3), Math.log(0.8)],
    basis: ([retained, desorb]) => {
      const component = { adsorb: Math.exp(retained + desorb), desorb: Math.exp(desorb), inlet: () => 1 }
      return [
        finish(fullColumn({ length: 0.3, velocity: 0.01, diffusion: 0, components: [component], times })),
      ]
    },
  })
  const full = performance.now() - began
  return { laplace, full, apart: Math.exp(parameters[1]) / fast().parameters.desorb.value - 1 }
}

/** Seconds of a million molecules, without their events. */
function sums(): number {
  const began = performance.now()
  finish(elutionSums({ ...column, units: 1_000_000, seed: 1 }))
  return (performance.now() - began) / 1000
}

/** The largest |D̃ (1 + ρ)² − 1| for 0.3 ≤ ρ ≤ 2 of a zero-range couple of 10⁶ units after a time. */
function zeroRange(time: number): { most: number; units: number } {
  const [left, right, lines] = [150, 50, 6687]
  const { mean, units } = finish(
    zeroRangeCouple({ sites: [left, right], densities: [0, 3], time, lines, seed: 4 }),
  )
  const fitted = fitCouple(
    { positions: mean.map((_, x) => x), fractions: mean.map(n => n / 3.5), ends: [0, 3 / 3.5] },
    { time, degrees: [4], weights: mean.map(n => 1 / Math.sqrt(n * (1 + n) + 3e-3)) },
  )
  const densities = [0.3, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
  const apart = densities.map(n => Math.abs(fitted.at(n / 3.5).value * (1 + n) ** 2 - 1))
  return { most: Math.max(...apart), units }
}

export function run(): void {
  const rows = { 'wander()': speed(ours, 40_000), 'plain Gillespie loop': speed(gillespie, 20_000) }
  for (const [name, value] of Object.entries({ ...rows, 'NumPy, all units at once': numpy(100_000) }))
    console.log(`${name.padEnd(28)}${value.toFixed(1).padStart(8)} million events per second`)
  const { laplace, full, apart } = fits()
  console.log(
    `\nfit of a breakthrough curve: Laplace ${laplace.toFixed(1)} ms, finite volumes ${full.toFixed(0)} ms`,
  )
  console.log(`${(full / laplace).toFixed(0)} times as fast; k_d differs by ${(100 * apart).toFixed(3)} %`)
  console.log(`\n10⁶ molecules of a column by sums: ${sums().toFixed(2)} s`)
  const { most, units } = zeroRange(480)
  console.log(`zero-range couple of ${units} units: D within ${(100 * most).toFixed(1)} % of 1/(1 + ρ)²`)
}
