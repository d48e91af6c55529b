/** `saltus column solve`: the continuum column, Laplace's solution beside the full equations. */
import { Command } from 'commander'
import { lineChart, type Point, type Series } from '../../formats/chart.ts'
import { deadTime, elutionDensity, elutionShare, fullColumn, kineticColumn } from '../../physics/index.ts'
import { aligned, demandEndings, short, under, writeResult } from '../physical/outputs.ts'
import { decimal, oneOf, several, whole } from '../usage.ts'
import { type AnalyteRates, analytes } from './analytes.ts'

interface Flags {
  readonly length: number
  readonly velocity: number
  readonly pressures: number
  readonly diffusion: number
  readonly capacity: number
  readonly analytes: AnalyteRates[]
  readonly inlet: 'step' | 'pulse'
  readonly width: number
  readonly cells: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

const above = (flag: string) => decimal(flag, { above: 0 })

export function solveCommand(): Command {
  return new Command('solve')
    .description(
      "the equations of a column: Laplace's solution (no diffusion, no competition) beside finite volumes",
    )
    .option('--length <m>', 'length of the column', above('--length'), 0.3)
    .option('--velocity <m/s>', 'velocity at the inlet', above('--velocity'), 0.01)
    .option(
      '--pressures <ratio>',
      'pressure at the outlet over that at the inlet; 1: constant velocity',
      decimal('--pressures', { above: 0, most: 1 }),
      1,
    )
    .option('--diffusion <m2/s>', 'axial diffusion', decimal('--diffusion', { least: 0 }), 0)
    .option(
      '--capacity <c>',
      'places for all analytes together (default: no end of them)',
      above('--capacity'),
      Infinity,
    )
    .option(
      '--analytes <list>',
      'name=adsorption:desorption rates in 1/s',
      analytes,
      analytes('A=1:1,B=1:0.5,C=1:0.3'),
    )
    .option('--inlet <kind>', 'step or pulse', oneOf('--inlet', ['step', 'pulse'] as const), 'step')
    .option('--width <s>', 'length of the pulse', above('--width'), 1)
    .option('--cells <n>', 'cells of the finite volumes', whole('--cells', { least: 10, most: 5000 }), 300)
    .option('--out <file>', '.svg or .csv; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'print results and errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus column solve --pressures 0.4
  saltus column solve --capacity 4 --out competing.svg
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.csv'])
  const dead = deadTime(flags)
  const laws = flags.analytes.map(({ adsorb, desorb }) => kineticColumn({ dead, adsorb, desorb }))
  const last = Math.max(...laws.map(law => law.mean + 5 * Math.sqrt(law.variance)))
  const times = Float64Array.from({ length: 240 }, (_, i) => (last * (i + 1)) / 240)
  const inlet = flags.inlet === 'step' ? () => 1 : (t: number) => (t < flags.width ? 1 / flags.width : 0)
  const components = flags.analytes.map(({ adsorb, desorb }) => ({ adsorb, desorb, inlet }))
  const full = await under('solve', fullColumn({ ...flags, components, times }), flags.quiet)
  const found = flags.analytes.map(({ name }, j) => {
    const values = full.subarray(j * times.length, (j + 1) * times.length)
    const laplace =
      flags.inlet === 'step' ? elutionShare(laws[j], times) : pulsed(laws[j], times, flags.width)
    const most = laplace.reduce((high, value) => Math.max(high, value), 0)
    let difference = 0
    values.forEach((value, i) => {
      difference = Math.max(difference, Math.abs(value - laplace[i]) / most)
    })
    return { name, values, laplace, difference }
  })
  await writeResult(flags.out, {
    pictures: () => picture(found, times, flags),
    arrays: () => ({}),
    columns: () => ({
      time_s: times,
      ...Object.fromEntries(
        found.flatMap(({ name, values, laplace }) => [
          [`${name} full`, values],
          [`${name} laplace`, laplace],
        ]),
      ),
    }),
  })
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ dead, analytes: found.map(({ name, difference }) => ({ name, difference })) })}\n`,
    )
  else
    process.stdout.write(
      aligned([
        ['analyte', 'largest difference, % of the peak or plateau'],
        ...found.map(({ name, difference }) => [name, short(100 * difference, 3)]),
      ]),
    )
}

/** What a rectangular pulse of area 1 becomes: the difference of two steps. */
function pulsed(law: ReturnType<typeof kineticColumn>, times: Float64Array, width: number): Float64Array {
  const [now, before] = [
    elutionShare(law, times),
    elutionShare(
      law,
      times.map(t => t - width),
    ),
  ]
  return width > 0 ? now.map((share, i) => (share - before[i]) / width) : elutionDensity(law, times)
}

interface Found {
  readonly name: string
  readonly values: Float64Array
  readonly laplace: Float64Array
}

function picture(found: readonly Found[], times: Float64Array, flags: Flags): Promise<string> {
  const points = (values: Float64Array) => Array.from(values, (value, i): Point => [times[i], value])
  const series = found.flatMap(({ name, values, laplace }): Series[] => [
    { name: `${name}: full equations`, points: points(values), dots: true },
    { name: "Laplace's solution", points: points(laplace) },
  ])
  const title = `A column with D = ${flags.diffusion} m²/s, ${flags.capacity === Infinity ? 'places enough' : `${flags.capacity} places`}`
  return lineChart({
    title,
    x: { label: 'time (s)' },
    y: { label: 'concentration / inlet' },
    series,
    height: 460,
  })
}
