/**
 * The figures of docs/chemistry.md, of mixtures of two components that melt at a temperature:
 *
 *     node dist/scripts/mixtures.js prepare LIQUIDUS.csv FOLDER [--seed 1]
 *     node dist/scripts/mixtures.js judge MODEL LIQUIDUS.csv FOLDER [--calls k] [--guidance 1] [--seed 1]
 *
 * LIQUIDUS.csv has a row for each point: Component#1, T#1 and H#1 (melting temperature in K and enthalpy in kJ/mol), the same of #2, T_EP
 * (K) and X#1, the share of the first. `prepare` writes mixtures.npz: compositions [N, 1, 1, components] of 1,000 units, told the temperature
 * and the names of the pair, of six pairs in ten; components.json, their names. `judge` draws mixtures and asks a regressor that was fitted on the
 * other pairs alone at what temperature they melt.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { below, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import { numbersOf, placeOf, readCsv } from '../src/formats/csv.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { open } from '../src/node/open.ts'
import { type Mixture, regressor } from './chemistry/liquidus.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string' },
    guidance: { type: 'string' },
  },
})
const seed = whole('a number', { least: 0 })(values.seed)
const [verb] = demandWords('mixtures.js prepare|judge LIQUIDUS.csv FOLDER', positionals)

/** An entropy of melting, kJ/(mol K), where no enthalpy is known (Walden 1908). */
const WALDEN = 0.0565

/** Of a composition. */
const PARTS = 1000

interface Point extends Mixture {
  readonly names: readonly [string, string]
  readonly kelvin: number
}

function points(path: string): Point[] {
  const table = readCsv(readFileSync(path, 'utf8'), path)
  const [a, b] = ['Component#1', 'Component#2'].map(column => placeOf(table, column))
  const [t1, t2, kelvin, share] = ['T#1', 'T#2', 'T_EP', 'X#1'].map(column => numbersOf(table, column))
  const [h1, h2] = ['H#1', 'H#2'].map((column, k) =>
    table.rows.map((row, i) => Number(row[placeOf(table, column)] || WALDEN * [t1, t2][k][i])),
  )
  return table.rows.map((row, i) => ({
    names: [row[a], row[b]],
    melting: [
      { kelvin: t1[i], enthalpy: h1[i] },
      { kelvin: t2[i], enthalpy: h2[i] },
    ],
    share: share[i],
    kelvin: kelvin[i],
  }))
}

const pairOf = ({ names }: Pick<Point, 'names'>) => names.join(', ')

/** Points of six pairs in ten, and those of the others. */
function halves(all: readonly Point[]): [Point[], Point[]] {
  const pairs = [...new Set(all.map(pairOf))]
  const rng = random(seed)
  const order = pairs.map(pair => [rng.uniform(), pair] as const).sort(([a], [b]) => a - b)
  const own = new Set(order.slice(0, Math.round(0.6 * pairs.length)).map(([, pair]) => pair))
  return [all.filter(point => own.has(pairOf(point))), all.filter(point => !own.has(pairOf(point)))]
}

const componentsOf = (all: readonly Point[]) => [...new Set(all.flatMap(({ names }) => names))].sort()

function prepare([, path, folder]: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const all = points(path)
  const components = componentsOf(all)
  const [own] = halves(all)
  const counts = new Uint16Array(own.length * components.length)
  own.forEach(({ names, share }, i) => {
    const first = Math.round(PARTS * share)
    counts[i * components.length + components.indexOf(names[0])] = first
    counts[i * components.length + components.indexOf(names[1])] = PARTS - first
  })
  const arrays = {
    samples: { data: counts, shape: [own.length, 1, 1, components.length] },
    temperature: { data: Float32Array.from(own, ({ kelvin }) => kelvin), shape: [own.length] },
    pair: own.map(pairOf),
  }
  writeFileSync(join(folder, 'mixtures.npz'), writeNpz(arrays))
  writeFileSync(join(folder, 'components.json'), JSON.stringify(components))
  console.log(
    `${own.length} points of ${new Set(own.map(pairOf)).size} pairs, ${components.length} components`,
  )
}

const median = (of: readonly number[]) => of.toSorted((a, b) => a - b)[of.length >> 1]

async function judge([, name, path, folder]: readonly string[]): Promise<void> {
  const all = points(path)
  const components = componentsOf(all)
  const [own, other] = halves(all)
  const melts = regressor(other)
  const found = new Map(
    all.flatMap(({ names, melting }) => names.map((one, k) => [one, melting[k]] as const)),
  )
  const error = median(own.map(point => Math.abs(melts(point) - point.kelvin)))
  const model = await open(name)
  const { calls, guidance } = values
  const drawing = { ...(calls && { calls: Number(calls) }), ...(guidance && { guidance: Number(guidance) }) }

  /** Draws a mixture for each of these points, told of it what `tell` says. */
  async function drawn(
    asked: readonly Point[],
    tell: (asked: readonly Point[]) => Parameters<typeof writeNpz>[0],
  ) {
    const file = join(folder, 'asked.npz')
    writeFileSync(file, writeNpz(tell(asked)))
    const { counts } = await model.generate({
      tell: file,
      mass: PARTS,
      count: asked.length,
      seed,
      ...drawing,
    })
    return asked.map((_, i) => {
      const row = counts.subarray(i * components.length, (i + 1) * components.length)
      const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a])
      const two = order.slice(0, 2).sort((a, b) => a - b)
      const names = two.map(at => components[at]) as [string, string]
      const sum = row[two[0]] + row[two[1]]
      const mixture: Mixture = {
        melting: names.map(one => found.get(one)!) as unknown as Mixture['melting'],
        share: row[two[0]] / sum,
      }
      return { names, mixture, total: row.reduce((a, b) => a + b, 0), stray: PARTS - sum }
    })
  }

  const temperature = (asked: readonly Point[]) => ({
    temperature: { data: Float32Array.from(asked, ({ kelvin }) => kelvin), shape: [asked.length] },
  })
  const both = (asked: readonly Point[]) => ({ ...temperature(asked), pair: asked.map(pairOf) })
  const rng = random(seed + 1)
  const shuffled = own.map(point => ({ ...point, kelvin: own[below(rng, own.length)].kelvin }))
  const known = new Set(own.map(({ names }) => [...names].sort().join()))
  console.log(
    `The regressor, fitted on ${other.length} points of other pairs: median error ${error.toFixed(1)} K on ${own.length} points (${median(own.map(({ kelvin }) => Math.abs(kelvin - median(own.map(one => one.kelvin))))).toFixed(1)} K by their median alone)`,
  )
  console.log(
    '| told | samples | of 1,000 units | of the pair asked for | units elsewhere | pairs of the data | median error, K | beside its own |\n|---|---|---|---|---|---|---|---|',
  )
  for (const [row, asked, tell] of [
    ['temperature and pair', own, both],
    ['temperature alone', own, temperature],
    ['temperature of another point, and pair', shuffled, both],
  ] as const) {
    const made = await drawn(asked, tell)
    const right = made.filter(
      ({ names }, i) => [...names].sort().join() === [...asked[i].names].sort().join(),
    ).length
    const off = median(made.map(({ mixture }, i) => Math.abs(melts(mixture) - asked[i].kelvin)))
    const old = made.filter(({ names }) => known.has([...names].sort().join())).length
    const stray = made.reduce((sum, of) => sum + of.stray, 0) / (PARTS * made.length)
    const whole = made.filter(({ total }) => total === PARTS).length
    const shares = [right, old].map(n => `${((100 * n) / made.length).toFixed(1)} %`)
    console.log(
      `| ${row} | ${made.length} | ${whole} | ${shares[0]} | ${(100 * stray).toFixed(2)} % | ${shares[1]} | ${off.toFixed(1)} | ${(off / error).toFixed(2)} |`,
    )
  }
}

await (verb === 'judge' ? judge : prepare)(positionals)
