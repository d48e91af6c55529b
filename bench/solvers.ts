// What a number of rate calls buys with each solver, where the law is known: exact rates of one digit and of many.
import { existsSync, readFileSync } from 'node:fs'
import { random } from '../src/base/random.ts'
import { readImages } from '../src/formats/dataset.ts'
import { lattice, periodic } from '../src/lattice/index.ts'
import { spatial } from '../src/process/index.ts'
import {
  bridge,
  cfl,
  leap,
  type MixtureRates,
  mixtureRates,
  type Solver,
  sample,
} from '../src/sampling/index.ts'

/** 28 x 28 sites, tau from 120 to 0. */
const place = lattice([28, 28], periodic)
const process = spatial({ lattice: place, rate: 120 })
const sites = place.size

/** Where the MNIST files may lie; without them the digits are drawn. */
const folders = ['data/mnist', '../shared/data/mnist']

const solvers: Readonly<Record<string, (calls: number) => Solver>> = {
  'frozen leaps': calls => bridge({ calls, bend: 0, smallest: 0.05, until: Number.POSITIVE_INFINITY }),
  'bridges, then leaps': calls => bridge({ calls, bend: 0, smallest: 0.02 }),
  'leap(), whole walk': calls => leap({ calls, churn: 1 }),
  'leap(), net flow': calls => leap({ calls, churn: 0 }),
  'leap()': calls => leap({ calls }),
}

/** Prints both tables. */
export async function run(): Promise<void> {
  const digits = readDigits(500)
  await one(digits)
  await many(digits)
}

/** One digit of mass 29,619: fraction of misplaced units at the end, mean of 5 runs. */
async function one(digits: readonly Float64Array[]): Promise<void> {
  const mass = 29_619
  const digit = digits.reduce((a, b) => (Math.abs(sum(a) - mass) < Math.abs(sum(b) - mass) ? a : b))
  const exact = mixtureRates({ lattice: place, rate: process.rate, images: [digit] })
  const measure = async (solver: Solver) => {
    const masses = new Array(5).fill([mass])
    const { counts, calls } = await sample({ process, solver, rate: exact.rates, masses, seed: 1, batch: 5 })
    return { calls, misplaced: mean(nearest(counts, [digit], mass).map(({ misplaced }) => misplaced)) }
  }
  const drawn = draws(exact, { mass, count: 5, time: 0 })
  console.log(
    `One digit of ${mass} units: fraction of misplaced units (a perfect sampler: ${bare(drawn, [digit], mass)})\n`,
  )
  console.log(`${'calls'.padEnd(22)}${[8, 16, 24, 32, 48].map(calls => String(calls).padStart(8)).join('')}`)
  for (const [name, solver] of Object.entries(solvers)) {
    let line = name.padEnd(22)
    for (const calls of [8, 16, 24, 32, 48])
      line += (await measure(solver(calls))).misplaced.toFixed(3).padStart(8)
    console.log(line)
  }
  for (const fraction of [0.15, 0.5]) {
    const { calls, misplaced } = await measure(cfl({ fraction }))
    console.log(
      `${`cfl() at ${fraction}`.padEnd(22)}${misplaced.toFixed(3).padStart(8)} with up to ${calls} calls`,
    )
  }
}

/** A uniform choice of one of 500 digits, each of mass 26,000. */
async function many(digits: readonly Float64Array[]): Promise<void> {
  const mass = 26_000
  const count = 64
  const exact = mixtureRates({ lattice: place, rate: process.rate, images: digits })
  const perfect = nearest(draws(exact, { mass, count, time: 0 }), digits, mass)
  console.log(
    `\n${digits.length} digits of ${mass} units, ${count} images: fraction of misplaced units, how many different`,
  )
  console.log(
    `digits, and how many deviations the likelihood at tau = 10 is off (a perfect sampler: ${told(perfect, 0)})\n`,
  )
  const watched = new Map<number, { mean: number; deviation: number }>()
  for (const [name, solver] of Object.entries(solvers))
    for (const calls of [16, 32, 64]) {
      let off = Number.NaN
      const { counts } = await sample({
        process,
        solver: solver(calls),
        rate(state, times) {
          if (Number.isNaN(off) && times[0] * process.rate < 10.001) {
            const usual = watched.get(times[0]) ?? usualAt(exact, { mass, time: times[0] })
            watched.set(times[0], usual)
            off = (mean(evidence(exact, state, times[0])) - usual.mean) / usual.deviation
          }
          return exact.rates(state, times)
        },
        masses: new Array(count).fill([mass]),
        seed: 1,
        batch: count,
      })
      console.log(
        `${name.padEnd(22)}${String(calls).padStart(4)} calls  ${told(nearest(counts, digits, mass), off)}`,
      )
    }
}

interface Nearest {
  readonly digit: number
  /** Half the sum of |n - digit| over the sites, by the mass. */
  readonly misplaced: number
}

function nearest(counts: Int32Array, digits: readonly Float64Array[], mass: number): Nearest[] {
  const scaled = digits.map(digit => digit.map(n => (n * mass) / sum(digit)))
  return Array.from({ length: counts.length / sites }, (_, i) => {
    const own = counts.subarray(i * sites, (i + 1) * sites)
    let best = { digit: -1, misplaced: Number.POSITIVE_INFINITY }
    scaled.forEach((digit, k) => {
      let distance = 0
      for (let x = 0; x < sites; x++) distance += Math.abs(own[x] - digit[x])
      if (distance / (2 * mass) < best.misplaced) best = { digit: k, misplaced: distance / (2 * mass) }
    })
    return best
  })
}

function told(found: readonly Nearest[], off: number): string {
  const misplaced = mean(found.map(f => f.misplaced)).toFixed(4)
  return `${misplaced}  ${String(new Set(found.map(f => f.digit)).size).padStart(3)}  ${off.toFixed(1).padStart(5)}`
}

function bare(counts: Int32Array, digits: readonly Float64Array[], mass: number): string {
  return mean(nearest(counts, digits, mass).map(f => f.misplaced)).toFixed(3)
}

/** Images of the mixture at a time, drawn directly. */
function draws(
  exact: MixtureRates,
  { mass, count, time }: { mass: number; count: number; time: number },
): Int32Array {
  const laws = exact.laws(time)
  const rng = random(99)
  const counts = new Int32Array(count * sites)
  for (let i = 0; i < count; i++) {
    const k = Math.floor(rng.uniform() * (laws.length / sites))
    const rising = new Float64Array(sites)
    for (let x = 0, total = 0; x < sites; x++) {
      total += laws[k * sites + x]
      rising[x] = total
    }
    for (let u = 0; u < mass; u++) {
      const level = rng.uniform() * rising[sites - 1]
      let [low, high] = [0, sites - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if (rising[middle] > level) high = middle
        else low = middle + 1
      }
      counts[i * sites + low]++
    }
  }
  return counts
}

/** log P(n_t) of each image under the whole mixture. */
function evidence(exact: MixtureRates, counts: Int32Array, time: number): number[] {
  const logs = exact.logLikelihood(counts, time)
  const n = counts.length / sites
  const digits = logs.length / n
  return Array.from({ length: n }, (_, i) => {
    const own = logs.subarray(i * digits, (i + 1) * digits)
    const top = own.reduce((a, b) => Math.max(a, b))
    return top + Math.log(own.reduce((total, log) => total + Math.exp(log - top), 0))
  })
}

function usualAt(exact: MixtureRates, { mass, time }: { mass: number; time: number }) {
  const logs = evidence(exact, draws(exact, { mass, count: 200, time }), time)
  const middle = mean(logs)
  return { mean: middle, deviation: Math.sqrt(mean(logs.map(log => (log - middle) ** 2))) }
}

function readDigits(count: number): Float64Array[] {
  const file = folders.map(folder => `${folder}/train-images-idx3-ubyte.gz`).find(existsSync)
  if (!file) return Array.from({ length: count }, (_, k) => drawnDigit(k))
  const { counts } = readImages(file, readFileSync(file))
  return Array.from({ length: count }, (_, k) =>
    Float64Array.from(counts.subarray(k * sites, (k + 1) * sites)),
  )
}

/** A stroke of one to three arcs. */
function drawnDigit(k: number): Float64Array {
  const rng = random(k)
  const digit = new Float64Array(sites)
  for (let arc = 1 + Math.floor(3 * rng.uniform()); arc > 0; arc--) {
    const [row, column, radius] = [9 + 10 * rng.uniform(), 9 + 10 * rng.uniform(), 2 + 5 * rng.uniform()]
    const from = 6 * rng.uniform()
    const long = 1 + 5 * rng.uniform()
    for (let s = 0; s < 1; s += 0.01)
      for (const [dr, dc] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ]) {
        const angle = from + s * long
        const r = Math.floor(row + radius * Math.sin(angle)) + dr
        const c = Math.floor(column + radius * Math.cos(angle)) + dc
        digit[r * 28 + c] = 255
      }
  }
  return digit
}

function sum(list: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < list.length; i++) total += list[i]
  return total
}

function mean(list: readonly number[]): number {
  return sum(list) / list.length
}
