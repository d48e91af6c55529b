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

/** Where the four MNIST files may lie; without them the digits are drawn. */
const folder = 'data/mnist'

/** Images of one digit: their percentages scatter by 0.15 to 0.3, so the mean of them by 0.1. */
const images = 6

const never = Number.POSITIVE_INFINITY

/** At frozen rates, one move per call; then ours with one thing changed at a time. */
const solvers: Readonly<Record<string, (calls: number) => Solver>> = {
  'plain leaps': calls => bridge({ calls, bend: 0, smallest: 0.05, until: never }),
  'bridge()': calls => bridge({ calls }),
  'bridge(), bend 0': calls => bridge({ calls, bend: 0 }),
  'leap(), momentum 0': calls => leap({ calls, momentum: 0 }),
  'leap(), bend 0': calls => leap({ calls, bend: 0 }),
  'leap(), churn 1': calls => leap({ calls, churn: 1 }),
  'leap(), churn 0': calls => leap({ calls, churn: 0 }),
  'leap()': calls => leap({ calls }),
}

/** Prints both tables. */
export async function run(): Promise<void> {
  const { digits, told } = readDigits(500)
  console.log(told)
  await one(digits)
  await many(digits)
}

/** One digit of mass 29,619: per cent of misplaced units at the end. */
async function one(digits: readonly Float64Array[]): Promise<void> {
  const mass = 29_619
  const digit = digits.reduce((a, b) => (Math.abs(sum(a) - mass) < Math.abs(sum(b) - mass) ? a : b))
  const exact = mixtureRates({ lattice: place, rate: process.rate, images: [digit] })
  const misplaced = (counts: Int32Array) =>
    (100 * mean(nearest(counts, [digit], mass).map(found => found.misplaced))).toFixed(1).padStart(8)
  const measure = async (solver: Solver) => {
    const masses = new Array(images).fill([mass])
    const { counts, calls } = await sample({
      process,
      solver,
      rate: exact.rates,
      masses,
      seed: 1,
      batch: images,
    })
    return { calls, text: misplaced(counts) }
  }
  const columns = [8, 16, 32, 64, 128]
  console.log(`\nOne digit of ${mass} units: per cent of misplaced units, mean of ${images} images\n`)
  console.log(`${'calls'.padEnd(22)}${columns.map(calls => String(calls).padStart(8)).join('')}`)
  for (const [name, solver] of Object.entries(solvers)) {
    let line = name.padEnd(22)
    for (const calls of columns) line += (await measure(solver(calls))).text
    console.log(line)
  }
  for (const fraction of [1, 0.5, 0.15]) {
    const { calls, text } = await measure(cfl({ fraction }))
    console.log(`${`cfl() at ${fraction}`.padEnd(22)}${text} in ${calls} calls`)
  }
  const drawn = draws(exact, { mass, count: 100, time: 0 })
  console.log(`${'a perfect sampler'.padEnd(22)}${misplaced(drawn)}`)
}

/** A uniform choice of one of 500 digits, each of mass 26,000. */
async function many(digits: readonly Float64Array[]): Promise<void> {
  const mass = 26_000
  const count = 32
  const exact = mixtureRates({ lattice: place, rate: process.rate, images: digits })
  console.log(
    `\n${digits.length} digits of ${mass} units, ${count} images: per cent of misplaced units against the nearest digit,`,
  )
  console.log('how many different digits, and how many deviations the likelihood at tau = 10 is off\n')
  const watched = new Map<number, { mean: number; deviation: number }>()
  const columns = [16, 32, 64]
  console.log(`${'calls'.padEnd(22)}${columns.map(calls => String(calls).padStart(20)).join('')}`)
  for (const [name, solver] of Object.entries(solvers)) {
    let line = name.padEnd(22)
    for (const calls of columns) {
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
      line += told(nearest(counts, digits, mass), off).padStart(20)
    }
    console.log(line)
  }
  const perfect = nearest(draws(exact, { mass, count, time: 0 }), digits, mass)
  console.log(`${'a perfect sampler'.padEnd(22)}${told(perfect, 0).padStart(20)}`)
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
  const misplaced = (100 * mean(found.map(f => f.misplaced))).toFixed(2)
  return `${misplaced}, ${new Set(found.map(f => f.digit)).size}, ${off.toFixed(1)}`
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

function readDigits(count: number): { digits: Float64Array[]; told: string } {
  const file = `${folder}/train-images-idx3-ubyte.gz`
  if (!existsSync(file)) {
    const digits = Array.from({ length: count }, (_, k) => drawnDigit(k))
    return { digits, told: `Digits: drawn ones (${folder} has none of MNIST)` }
  }
  const { counts } = readImages(file, readFileSync(file))
  const digits = Array.from({ length: count }, (_, k) =>
    Float64Array.from(counts.subarray(k * sites, (k + 1) * sites)),
  )
  return { digits, told: `Digits: the first ${count} of MNIST's training images` }
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
