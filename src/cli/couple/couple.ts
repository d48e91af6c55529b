/** `saltus couple`: coefficients of interdiffusion from a measured profile. */
import { Command } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { numbersOf, type Table } from '../../formats/csv.ts'
import {
  boltzmannMatano,
  bootstrap,
  columnUnit,
  denBroeder,
  type FittedCouple,
  fitCouple,
  hall,
  integrated,
  intrinsic,
  matanoPlane,
  type Profile,
  type ProfileOptions,
  profile,
  quantity,
  readAt,
  type Smoothed,
  smoothed,
  wagner,
} from '../../physics/index.ts'
import { aligned, demandEndings, short, under, withOutputs, writeResult } from '../physical/outputs.ts'
import { readTable } from '../physical/tables.ts'
import { decimal, given, listOf, oneOf, whole } from '../usage.ts'
import { couplePicture } from './picture.ts'

interface Flags {
  readonly data?: string
  readonly time?: string
  readonly lengthUnit?: string
  readonly position?: string
  readonly fraction?: string
  readonly ends?: number[]
  readonly molarVolumes?: string
  readonly gaps: (readonly [number, number])[]
  readonly smooth: 'spline' | 'none'
  readonly penalty?: number
  readonly bootstrap: number
  readonly degrees?: number[]
  readonly marker?: string
  readonly layer?: string
  readonly at?: number[]
  readonly seed: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

export function coupleCommand(): Command {
  return withOutputs(
    new Command('couple')
      .description(
        'interdiffusion coefficients from one profile: den Broeder, Wagner, Boltzmann–Matano, Hall',
      )
      .option('--data <file>', 'needed: CSV with positions and mole fractions')
      .option('--time <t>', 'needed: time of annealing; in seconds, or with its unit: 1000h')
      .option('--length-unit <unit>', 'unit of the positions where their head names none: um, mm')
      .option(
        '--position <column>',
        'column of the positions (default: dis, x, distance, position or the first)',
      )
      .option('--fraction <column>', 'column of the mole fractions (default: X, N, fraction or the second)')
      .option(
        '--ends <list>',
        'mole fractions of the two ends (default: as measured there)',
        listOf(decimal('--ends', { least: 0, most: 1 })),
      )
      .option('--molar-volumes <file>', 'CSV: mole fraction, molar volume; compared with a constant one')
      .option(
        '--gaps <list>',
        'compositions between phases: low:high, …; a position may be given twice there',
        gapsOf,
        [],
      )
      .option(
        '--smooth <kind>',
        'spline (rising, by phase) or none',
        oneOf('--smooth', ['spline', 'none'] as const),
        'spline',
      )
      .option(
        '--penalty <p>',
        'stiffness of the splines (default: by cross-validation)',
        decimal('--penalty', { above: 0 }),
      )
      .option(
        '--bootstrap <n>',
        'profiles drawn anew for the intervals of 95 %',
        whole('--bootstrap', { least: 0, most: 10_000 }),
        100,
      )
      .option(
        '--degrees <list>',
        'forward analysis too: log D a polynomial of these degrees, one a phase, fitted to the points',
        listOf(whole('--degrees', { least: 0, most: 6 })),
      )
      .option('--marker <x>', 'position of inert markers, with its unit: intrinsic coefficients there')
      .option('--layer <a:b>', 'sides of a phase, with their units: its integrated coefficient')
      .option(
        '--at <list>',
        'mole fractions of the table (default: ten)',
        listOf(decimal('--at', { least: 0, most: 1 })),
      ),
    '.svg or .csv',
    'seed of the bootstrap',
  )
    .addHelpText(
      'after',
      `
Examples:
  saltus couple --data profile.csv --time 1000h --length-unit um --out couple.svg
  saltus couple --data profile.csv --time 1000h --length-unit um --ends 0,1 --gaps 0.26:0.47,0.55:0.96 --degrees 2,1,0
`,
    )
    .action((flags: Flags) => run(flags))
}

function gapsOf(text: string): (readonly [number, number])[] {
  return text.split(',').map(part => {
    const [low, high] = part.split(':').map(Number)
    if (!(low < high && low >= 0 && high <= 1))
      throw new UsageError(cannot('run', '--gaps', 'low:high, … within 0 and 1', text))
    return [low, high] as const
  })
}

const methods = { denBroeder, wagner, boltzmannMatano, hall }

async function run(flags: Flags): Promise<void> {
  const path = given('couple', '--data', flags.data)
  const timeText = given('couple', '--time', flags.time)
  demandEndings(flags.out, ['.svg', '.csv'])
  const time = /[a-z]/.test(timeText.replace(/e[+-]?\d+$/i, ''))
    ? quantity('time', timeText)
    : Number(timeText)
  if (!(time > 0)) throw new UsageError(cannot('run', '--time', 'above 0, seconds or with a unit', timeText))
  const measured = optionsOf(readTable(path), flags)
  const source = flags.smooth === 'spline' ? smoothed(measured, flags) : undefined
  const couple = source?.profile ?? profile({ ...measured, interfaces: flags.gaps.length > 0 })
  const fractions = Float64Array.from(flags.at ?? tenFractions(couple))
  const curves = Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [name, method(couple, time)]),
  )
  const band = await intervals(source, { fractions, time, flags })
  const { degrees, gaps } = flags
  const forward = degrees && fitCouple(measured, { time, degrees, gaps })
  const drawn = forward ? { ...curves, forward: couple.fractions.map(n => forward.at(n).value) } : curves
  const shown = { path, measured, couple, curves: drawn, fractions, band }
  await writeResult(flags.out, {
    pictures: () => couplePicture(shown),
    arrays: () => ({}),
    columns: () => ({
      position_m: couple.positions,
      fraction: couple.fractions,
      ...Object.fromEntries(Object.entries(curves).map(([name, curve]) => [`${name}_m2_per_s`, curve])),
    }),
  })
  const rows = Object.entries(curves).map(([name, curve]) => ({
    name,
    values: readAt(couple, curve, fractions),
  }))
  const more = { ...extras(couple, time, flags), matano: matanoPlane(couple), forward }
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({
        ...{
          data: path,
          time,
          ends: [couple.left, couple.right],
          rms: source?.rms,
          ...more,
          forward: undefined,
        },
        fractions: [...fractions],
        ...Object.fromEntries(rows.map(({ name, values }) => [name, [...values]])),
        forward: forward && { rms: forward.rms, values: Array.from(fractions, n => forward.at(n)) },
        interval: band && { low: [...band.low], high: [...band.high] },
      })}\n`,
    )
  else process.stdout.write(textOf({ fractions, rows, band, more }))
}

function optionsOf(table: Table, flags: Flags): ProfileOptions {
  const column = (asked: string | undefined, usual: readonly string[], place: number) =>
    asked ?? table.columns.find(name => usual.includes(name.toLowerCase())) ?? table.columns[place]
  const position = column(flags.position, ['dis', 'x [um]', 'distance', 'position'], 0)
  const fraction = column(flags.fraction, ['x', 'n', 'fraction'], 1)
  const { factor } = columnUnit('length', position, flags.lengthUnit)
  if (flags.ends && flags.ends.length !== 2)
    throw new UsageError(cannot('run', '--ends', 'two mole fractions', flags.ends))
  return {
    positions: numbersOf(table, position).map(x => x * factor),
    fractions: numbersOf(table, fraction),
    ends: flags.ends as [number, number] | undefined,
    volume: flags.molarVolumes ? volumeOf(flags.molarVolumes) : undefined,
  }
}

/** Molar volumes of a table, on straight lines between its compositions. */
function volumeOf(path: string): (fraction: number) => number {
  const table = readTable(path)
  const [at, volumes] = [numbersOf(table, 0), numbersOf(table, 1)]
  for (let i = 1; i < at.length; i++)
    if (!(at[i] > at[i - 1]))
      throw new RangeError(
        cannot(`read ${path}`, `row ${i + 1}`, 'a composition above the one before', at[i]),
      )
  return n => {
    let k = 1
    while (k < at.length - 1 && at[k] < n) k++
    const share = Math.min(1, Math.max(0, (n - at[k - 1]) / (at[k] - at[k - 1])))
    return (1 - share) * volumes[k - 1] + share * volumes[k]
  }
}

/** Ten compositions that the profile holds, evenly over its points. */
function tenFractions({ fractions }: Profile): number[] {
  const inside = [...fractions].filter(n => n > fractions[0] && n < fractions[fractions.length - 1])
  return Array.from({ length: 10 }, (_, k) =>
    Number(inside[Math.floor(((k + 0.5) * inside.length) / 10)].toPrecision(3)),
  )
}

async function intervals(
  source: Smoothed | undefined,
  { fractions, time, flags }: { fractions: Float64Array; time: number; flags: Flags },
) {
  if (!source || flags.bootstrap < 20) return undefined
  const curve = (couple: Profile) => readAt(couple, wagner(couple, time), fractions)
  const { bootstrap: count, seed } = flags
  return under('bootstrap', bootstrap(source, curve, { count, seed, length: fractions.length }), flags.quiet)
}

function extras(couple: Profile, time: number, { marker, layer }: Flags) {
  const sides = layer?.split(':').map(side => quantity('length', side))
  return {
    intrinsic: marker === undefined ? undefined : intrinsic(couple, time, quantity('length', marker)),
    integrated: sides && integrated(couple, time, [sides[0], sides[1]]),
  }
}

interface Text {
  readonly fractions: Float64Array
  readonly rows: readonly { readonly name: string; readonly values: Float64Array }[]
  readonly band?: { readonly low: Float64Array; readonly high: Float64Array }
  readonly more: ReturnType<typeof extras> & { readonly matano: number; readonly forward?: FittedCouple }
}

function textOf({ fractions, rows, band, more }: Text): string {
  const cell = (value: number) => (Number.isFinite(value) ? value.toExponential(3) : '–')
  const { forward } = more
  const head = [
    ...['fraction', ...rows.map(({ name }) => name), ...(band ? ['95 % of wagner'] : [])],
    ...(forward ? ['forward', '95 %'] : []),
  ]
  const told = (n: number) => {
    if (!forward) return []
    const { value, low, high } = forward.at(n)
    return [cell(value), `${cell(low)} … ${cell(high)}`]
  }
  const body = Array.from(fractions, (n, i) => [
    short(n),
    ...rows.map(({ values }) => cell(values[i])),
    ...(band ? [`${cell(band.low[i])} … ${cell(band.high[i])}`] : []),
    ...told(n),
  ])
  const lines = [`Matano plane at ${short(more.matano * 1e6, 5)} µm; D in m²/s\n`]
  if (more.intrinsic) {
    const { followed, other, fraction, darken } = more.intrinsic
    lines.push(
      `at the markers (fraction ${short(fraction)}): ${cell(followed)} of the followed component, ${cell(other)} of the other, Darken ${cell(darken)}\n`,
    )
  }
  if (more.integrated !== undefined) lines.push(`integrated over the layer: ${cell(more.integrated)} m²/s\n`)
  return aligned([head, ...body]) + lines.join('')
}
