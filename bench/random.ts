/** Nanoseconds per draw: streams, elementary functions, counts and alias tables. */

import { pathToFileURL } from 'node:url'
import { aliasTable, drawAlias, fillAlias } from '../src/base/alias.ts'
import { binomial, multinomial, poisson, scatter } from '../src/base/draws.ts'
import { exp, log, log1p, logGamma, sinPi } from '../src/base/numeric.ts'
import { below, type Random, random } from '../src/base/random.ts'

/** One line of the table: `work(rng, i)` is timed, over changing arguments; `per` draws are made in each call. */
interface Case {
  readonly name: string
  readonly per?: number
  work(rng: Random, i: number): number
}

const points = Float64Array.from({ length: 1024 }, (_, i) => (i + 0.5) / 64)
const shares = [0.001, 0.01, 0.03, 0.1, 0.3, 0.5]

/** n and p change at every call, as they do from site to site. */
function binomialOf(n: number, p: number): Case {
  const counts = Int32Array.from({ length: 1024 }, (_, i) => Math.round(n * (0.75 + i / 2048)))
  const chances = Float64Array.from({ length: 1024 }, (_, i) => p * (0.9 + ((i * 37) % 1024) / 10240))
  return { name: `binomial, n ≈ ${n}, p ≈ ${p}`, work: (rng, i) => binomial(rng, counts[i], chances[i]) }
}

function poissonOf(mean: number): Case {
  const means = Float64Array.from({ length: 1024 }, (_, i) => mean * (0.9 + ((i * 37) % 1024) / 5120))
  return { name: `poisson, mean ≈ ${mean}`, work: (rng, i) => poisson(rng, means[i]) }
}

function cases(): Case[] {
  const table = aliasTable(1024)
  fillAlias(table, 0, points)
  const row = new Int32Array(32)
  const field = new Int32Array(4096)
  return [
    { name: 'empty call, part of every line', work: (_, i) => i },
    { name: 'u32', work: rng => rng.u32() },
    { name: 'uniform', work: rng => rng.uniform() },
    { name: 'below 1000', work: rng => below(rng, 1000) },
    { name: 'fork', work: (rng, i) => rng.fork(i).u32() },
    { name: 'exp', work: (_, i) => exp(points[i] - 8) },
    { name: 'log', work: (_, i) => log(points[i]) },
    { name: 'log1p', work: (_, i) => log1p(points[i] / -17) },
    { name: 'logGamma', work: (_, i) => logGamma(points[i]) },
    { name: 'sinPi', work: (_, i) => sinPi(points[i]) },
    ...[1, 2, 4, 8, 30, 200].flatMap(n => shares.map(p => binomialOf(n, p))),
    binomialOf(1e4, 0.3),
    binomialOf(1e9, 0.3),
    binomialOf(1e9, 1e-9),
    ...[0.1, 1, 5, 9, 20, 100, 1e6].map(poissonOf),
    { name: 'alias, 1024 categories', work: rng => drawAlias(rng, table, 0, 1024) },
    {
      name: 'alias table, per entry of 1024',
      per: 1024,
      work: () => {
        fillAlias(table, 0, points)
        return table.other[5]
      },
    },
    {
      name: 'multinomial, 200 units over 32, per category',
      per: 32,
      work: rng => {
        multinomial(rng, 200, points, row, 32)
        return row[3]
      },
    },
    {
      name: 'scatter 40,000 units over 4096, per unit',
      per: 40000,
      work: rng => {
        scatter(rng, 40000, field)
        return field[3]
      },
    },
  ]
}

/** Least of 60 rounds of about a millisecond each, in nanoseconds: what the draw costs when nobody else is running. */
function time({ work, per = 1 }: Case): number {
  const rng = random(1)
  let sink = 0
  let least = Infinity
  let calls = per > 1000 ? 8 : 2048
  for (let round = 0; round < 60; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) sink += work(rng, i & 1023)
    const spent = performance.now() - start
    least = Math.min(least, (spent * 1e6) / (calls * per))
    if (spent < 0.5) calls *= 2
  }
  if (Number.isNaN(sink)) throw new Error('a draw was not a number')
  return least
}

export function run(): void {
  for (const one of cases()) console.log(`${one.name.padEnd(48)}${time(one).toFixed(1).padStart(8)} ns`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) run()
