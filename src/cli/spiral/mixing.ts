/** `saltus spiral mixing`: how phase mixing with collisions damps a mode, units on a lattice of actions against the exact law. */
import { Command } from 'commander'
import { lineChart, type Point } from '../../formats/chart.ts'
import { mixedAmplitude, walkedAmplitude } from '../../physics/index.ts'
import { aligned, demandEndings, short, under, withOutputs, writeResult } from '../physical/outputs.ts'
import { decimal, whole } from '../usage.ts'

interface Flags {
  readonly units: number
  readonly rate: number
  readonly omega: number
  readonly time: number
  readonly seed: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

export function mixingCommand(): Command {
  return withOutputs(
    new Command('mixing')
      .description(
        'the amplitude of a mode under phase mixing and diffusion of the actions, against the exact law',
      )
      .option('--units <n>', 'units', whole('--units', { least: 1, most: 100_000_000 }), 1_000_000)
      .option('--rate <r>', 'hops of the action per direction and time', decimal('--rate', { least: 0 }), 1)
      .option(
        '--omega <w>',
        'n times the change of frequency per step of the action',
        decimal('--omega', { above: 0 }),
        0.5,
      )
      .option('--time <T>', 'how long', decimal('--time', { above: 0 }), 4),
    '.svg or .csv',
  )
    .addHelpText(
      'after',
      `
Examples:
  saltus spiral mixing --units 1000000 --out mixing.svg
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.csv'])
  const { rate, omega, units } = flags
  const times = Array.from({ length: 10 }, (_, k) => (flags.time * (k + 1)) / 10)
  const found = await under('mixing', walkedAmplitude({ ...flags, times }), flags.quiet)
  const exact = Float64Array.from(times, t => mixedAmplitude(omega, rate, t))
  const cubic = Float64Array.from(times, t => Math.exp((-rate * omega ** 2 * t ** 3) / 3))
  const points = (values: Float64Array) => times.map((t, k): Point => [t, values[k]])
  await writeResult(flags.out, {
    pictures: () =>
      lineChart({
        title: `Phase mixing with collisions: ${units} units`,
        x: { label: 'time' },
        y: { label: 'amplitude of the mode', log: true },
        series: [
          { name: 'walked', points: points(found), dots: true },
          { name: 'exact on the lattice', points: points(exact) },
          { name: 'exp(−r ω² t³/3)', points: points(cubic) },
        ],
      }),
    arrays: () => ({}),
    columns: () => ({ time: times, walked: found, exact, cubic }),
  })
  const rows = times.map((time, k) => ({
    time,
    walked: found[k],
    exact: exact[k],
    apart: Math.abs(found[k] - exact[k]) * Math.sqrt(units),
  }))
  if (flags.json) process.stdout.write(`${JSON.stringify({ units, rate, omega, rows })}\n`)
  else
    process.stdout.write(
      aligned([
        ['time', 'walked', 'exact', 'apart · √N'],
        ...rows.map(row => [short(row.time), short(row.walked, 5), short(row.exact, 5), short(row.apart, 3)]),
      ]),
    )
}
