/**
 * The figures of docs/chemistry.md, of mixtures of two components that melt at a temperature:
 *
 *     node dist/scripts/mixtures.js prepare LIQUIDUS.csv FOLDER [--descriptors D.csv] [--seed 1]
 *     node dist/scripts/mixtures.js judge MODEL LIQUIDUS.csv FOLDER [--descriptors D.csv] [--calls k] [--guidance 1] [--seed 1]
 *
 * LIQUIDUS.csv has a row for each point: Component#1, Smiles#1, T#1 and H#1 (melting temperature in K and enthalpy in kJ/mol), the same of #2, T_EP
 * (K) and X#1, the share of the first; D.csv a row of numbers for each Smiles. `prepare` writes mixtures.npz: compositions [N, 1, 1, components] of
 * 1,000 units, told the temperature, the names of the pair, and with --descriptors the numbers of its components (`first`, `second`), of
 * six pairs in ten; components.json, their names. `judge` draws mixtures and asks a regressor that was fitted on the other pairs alone at what
 * temperature they melt; of pairs with many points their own curves as well. With --descriptors pairs are told by these, and also those are
 * asked for that the network has not seen.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cannot } from '../src/base/errors.ts'
import { below, random } from '../src/base/random.ts'
import { whole } from '../src/cli/usage.ts'
import type { NdArray } from '../src/formats/array.ts'
import { numbersOf, placeOf, readCsv } from '../src/formats/csv.ts'
import { writeNpz } from '../src/formats/npz.ts'
import { open } from '../src/node/open.ts'
import { curveOf, type Mixture, regressor } from './chemistry/liquidus.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string' },
    guidance: { type: 'string' },
    descriptors: { type: 'string' },
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
  readonly smiles: readonly [string, string]
  readonly kelvin: number
}

function points(path: string): Point[] {
  const table = readCsv(readFileSync(path, 'utf8'), path)
  const [a, b] = ['Component#1', 'Component#2'].map(column => placeOf(table, column))
  const [s1, s2] = ['Smiles#1', 'Smiles#2'].map(column => placeOf(table, column))
  const [t1, t2, kelvin, share] = ['T#1', 'T#2', 'T_EP', 'X#1'].map(column => numbersOf(table, column))
  const [h1, h2] = ['H#1', 'H#2'].map((column, k) =>
    table.rows.map((row, i) => Number(row[placeOf(table, column)] || WALDEN * [t1, t2][k][i])),
  )
  return table.rows.map((row, i) => ({
    names: [row[a], row[b]],
    smiles: [row[s1], row[s2]],
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

/** The numbers of the two components of points, behind them their melting temperature and the logarithm of its enthalpy: arrays [N, k]. */
function describedBy(path: string): (of: readonly Point[]) => Record<'first' | 'second', NdArray> {
  const table = readCsv(readFileSync(path, 'utf8'), path)
  const at = placeOf(table, 'Smiles')
  const columns = table.columns.filter(column => !['Component', 'Smiles'].includes(column))
  const numbers = columns.map(column => numbersOf(table, column))
  const rows = new Map(table.rows.map((row, i) => [row[at], numbers.map(column => column[i])]))
  const of = ({ smiles, melting }: Point, k: 0 | 1) => {
    const own = rows.get(smiles[k])
    if (!own) throw new RangeError(cannot('describe the components', path, 'of a row for each', smiles[k]))
    return [...own, melting[k].kelvin, Math.log(melting[k].enthalpy)]
  }
  return all => {
    const [first, second] = ([0, 1] as const).map(k => ({
      data: Float32Array.from(all.flatMap(point => of(point, k))),
      shape: [all.length, columns.length + 2],
    }))
    return { first, second }
  }
}

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
    ...(values.descriptors && describedBy(values.descriptors)(own)),
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
  const found = new Map(
    all.flatMap(({ names, melting }) => names.map((one, k) => [one, melting[k]] as const)),
  )
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
  const described = values.descriptors && describedBy(values.descriptors)
  const both = (asked: readonly Point[]) => ({
    ...temperature(asked),
    ...(described ? described(asked) : { pair: asked.map(pairOf) }),
  })
  const rng = random(seed + 1)
  const shuffled = own.map(point => ({ ...point, kelvin: own[below(rng, own.length)].kelvin }))
  const known = new Set(own.map(same))
  const seen = new Set(own.flatMap(({ smiles }) => smiles))
  const unseen = other.filter(({ smiles }) => smiles.every(of => seen.has(of)))
  // Of pairs that the network has not seen the judge must not be fitted on them either.
  const [judges, rows] = [
    { own: { melts: regressor(other), of: own }, other: { melts: regressor(own), of: other } },
    [
      ['temperature and pair', own, both, 'own'],
      ['temperature alone', own, temperature, 'own'],
      ['temperature of another point, and pair', shuffled, both, 'own'],
      ...(described ? [['temperature and pair, not seen', unseen, both, 'other'] as const] : []),
    ] as const,
  ]
  const curves = curvesOf(all)
  for (const [name, { melts, of }] of Object.entries(judges)) {
    const middle = median(of.map(({ kelvin }) => kelvin))
    const off = median(of.map(point => Math.abs(melts(point) - point.kelvin)))
    console.log(
      `The regressor for ${name} pairs: median error ${off.toFixed(1)} K on ${of.length} points (${median(of.map(({ kelvin }) => Math.abs(kelvin - middle))).toFixed(1)} K by their median alone)`,
    )
  }
  console.log(
    '| told | samples | of 1,000 units | of the pair asked for | units elsewhere | pairs of the data | median error, K | beside its own | by the curve: samples, median error, K |\n|---|---|---|---|---|---|---|---|---|',
  )
  for (const [row, asked, tell, by] of rows) {
    const { melts, of } = judges[by]
    const error = median(of.map(point => Math.abs(melts(point) - point.kelvin)))
    const made = await drawn(asked, tell)
    const right = made.map((one, i) => same(one) === same(asked[i]))
    const off = median(made.map(({ mixture }, i) => Math.abs(melts(mixture) - asked[i].kelvin)))
    const old = made.filter(one => known.has(same(one))).length
    const stray = made.reduce((sum, one) => sum + one.stray, 0) / (PARTS * made.length)
    const whole = made.filter(({ total }) => total === PARTS).length
    const shares = [right.filter(Boolean).length, old].map(n => `${((100 * n) / made.length).toFixed(1)} %`)
    const beside = made.flatMap(({ names, mixture }, i) => {
      if (!right[i]) return []
      const share = names[0] === asked[i].names[0] ? mixture.share : 1 - mixture.share
      const melting = curves.get(same(asked[i]))?.(share)
      return melting === undefined ? [] : [Math.abs(melting - asked[i].kelvin)]
    })
    const curve =
      beside.length > 0 && tell !== temperature ? `${beside.length}, ${median(beside).toFixed(1)}` : '–'
    console.log(
      `| ${row} | ${made.length} | ${whole} | ${shares[0]} | ${(100 * stray).toFixed(2)} % | ${shares[1]} | ${off.toFixed(1)} | ${(off / error).toFixed(2)} | ${curve} |`,
    )
  }
}

/** A pair in whichever order. */
const same = ({ names }: { readonly names: readonly string[] }) => [...names].sort().join(', ')

/** The curves of the pairs with at least so many points. */
function curvesOf(all: readonly Point[]): Map<string, (share: number) => number | undefined> {
  const pairs = new Map<string, Point[]>()
  for (const point of all) pairs.set(same(point), [...(pairs.get(same(point)) ?? []), point])
  const many = [...pairs].filter(([, of]) => of.length >= MANY)
  const missed = many.flatMap(([, of]) =>
    of.flatMap(point => {
      const melting = curveOf(of.filter(one => one !== point))(point.share)
      return melting === undefined ? [] : [Math.abs(melting - point.kelvin)]
    }),
  )
  console.log(
    `Curves of ${many.length} pairs of at least ${MANY} points; a point is ${median(missed).toFixed(1)} K off the curve of the others (median of ${missed.length})`,
  )
  return new Map(many.map(([pair, of]) => [pair, curveOf(of)]))
}

/** Points that make a curve. */
const MANY = 8

await (verb === 'judge' ? judge : prepare)(positionals)
