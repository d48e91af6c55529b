/** `saltus flow shear`: units that walk while a shear carries them, against 2Dt + ⅔ a²Dt³. */
import { Command } from 'commander'
import { lineChart, type Point } from '../../formats/chart.ts'
import { shearDispersion, walkedShear } from '../../physics/index.ts'
import { aligned, demandEndings, short, under, withOutputs, writeResult } from '../physical/outputs.ts'
import { decimal, whole } from '../usage.ts'

interface Flags {
  readonly units: number
  readonly rate: number
  readonly shear: number
  readonly time: number
  readonly seed: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

export function shearCommand(): Command {
  return withOutputs(
    new Command('shear')
      .description('units that walk in a shear: their spread against 2Dt + 2/3 a² D t³')
      .option('--units <n>', 'units', whole('--units', { least: 2, most: 5_000_000 }), 100_000)
      .option(
        '--rate <r>',
        'hops per direction and unit of time, D in sites²',
        decimal('--rate', { above: 0 }),
        1,
      )
      .option('--shear <a>', 'velocity per site', decimal('--shear', { least: 0 }), 1)
      .option('--time <T>', 'how long', decimal('--time', { above: 0 }), 4),
    '.svg or .csv',
  )
    .addHelpText(
      'after',
      `
Examples:
  saltus flow shear --units 100000 --out shear.svg
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.csv'])
  const times = Array.from({ length: 10 }, (_, k) => (flags.time * (k + 1)) / 10)
  const { mean, error } = await under('shear', walkedShear({ ...flags, times }), flags.quiet)
  const exact = Float64Array.from(times, t => shearDispersion(flags.shear, flags.rate, t))
  await writeResult(flags.out, {
    pictures: () =>
      lineChart({
        title: `${flags.units} units in a shear`,
        x: { label: 'time', log: true },
        y: { label: 'mean squared displacement (sites²)', log: true },
        series: [
          { name: 'walked', points: times.map((t, k): Point => [t, mean[k]]), dots: true },
          { name: '2Dt + ⅔ a² D t³', points: times.map((t, k): Point => [t, exact[k]]) },
        ],
      }),
    arrays: () => ({}),
    columns: () => ({ time: times, walked: mean, error, exact }),
  })
  const rows = times.map((time, k) => ({
    time,
    walked: mean[k],
    exact: exact[k],
    sigmas: (mean[k] - exact[k]) / error[k],
  }))
  if (flags.json) process.stdout.write(`${JSON.stringify({ units: flags.units, seed: flags.seed, rows })}\n`)
  else
    process.stdout.write(
      aligned([
        ['time', 'walked', 'exact', 'standard errors apart'],
        ...rows.map(row => [
          short(row.time),
          short(row.walked, 5),
          short(row.exact, 5),
          short(row.sigmas, 2),
        ]),
      ]),
    )
}
