/** `saltus spiral response`: how strongly stars answer to a kick of some duration: a power law, or an exponential one. */
import { Command } from 'commander'
import { lineChart, type Point } from '../../formats/chart.ts'
import { evolve, isothermalSheet, type Pulse, sheetResponse, sheetStars } from '../../physics/index.ts'
import { aligned, demandEndings, short, under, withOutputs, writeResult } from '../physical/outputs.ts'
import { decimal, listOf, whole } from '../usage.ts'

interface Flags {
  readonly units: number
  readonly sigma: number
  readonly height: number
  readonly kick: number
  readonly durations: number[]
  readonly seed: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

const above = (flag: string) => decimal(flag, { above: 0 })

export function responseCommand(): Command {
  return withOutputs(
    new Command('response')
      .description(
        'the energy that a kick leaves in the stars against its duration: a smooth pulse and one with a cusp',
      )
      .option('--units <n>', 'stars', whole('--units', { least: 100, most: 1_000_000 }), 2000)
      .option('--sigma <km/s>', 'vertical dispersion', above('--sigma'), 20)
      .option('--height <kpc>', 'scale height', above('--height'), 0.25)
      .option('--kick <km/s>', 'speed of the kick', above('--kick'), 15)
      .option(
        '--durations <list>',
        'Gyr',
        listOf(above('--durations')),
        [0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04],
      ),
    '.svg or .csv',
  )
    .addHelpText(
      'after',
      `
Examples:
  saltus spiral response --out response.svg
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.csv'])
  const { kick, height, sigma, durations } = flags
  const columns: Record<string, number[]> = {}
  for (const pulse of ['gaussian', 'cusp'] as Pulse[]) {
    columns[pulse] = []
    columns[`${pulse} linear`] = durations.map(duration => sheetResponse({ sigma, height, duration, pulse }))
    for (const duration of durations) columns[pulse].push(await left(flags, { duration, pulse }))
  }
  const points = (values: readonly number[]) => durations.map((t, k): Point => [t * 1000, values[k]])
  await writeResult(flags.out, {
    pictures: () =>
      lineChart({
        title: `What a kick of ${kick} km/s leaves, against its duration`,
        x: { label: 'duration (Myr)', log: true },
        y: { label: 'energy / that of a kick at once', log: true },
        series: Object.entries(columns).map(([name, values]) => ({
          name: name.endsWith('linear') ? `${name} theory` : `${name} pulse, stars`,
          points: points(values),
          dots: !name.endsWith('linear'),
        })),
      }),
    arrays: () => ({}),
    columns: () => ({ duration_gyr: durations, ...columns }),
  })
  if (flags.json) process.stdout.write(`${JSON.stringify({ durations, ...columns })}\n`)
  else
    process.stdout.write(
      aligned([
        ['Gyr', ...Object.keys(columns)],
        ...durations.map((t, k) => [short(t), ...Object.values(columns).map(values => short(values[k], 3))]),
      ]),
    )

  /** Mean energy gained over that of a kick at once, ½ kick²; odd parts cancel over pairs kicked up and down. */
  async function left(told: Flags, { duration, pulse }: { duration: number; pulse: Pulse }): Promise<number> {
    const potential = isothermalSheet(sigma, height)
    let sum = 0
    for (const speed of [kick, -kick]) {
      const stars = sheetStars(told.units, told)
      const before = energyOf(stars, potential)
      const run = {
        ...stars,
        potential,
        kick: { mode: 'bending' as const, speed, height, duration, pulse },
        time: 8 * duration,
      }
      await under(`${pulse} ${duration}`, evolve({ ...run, step: Math.min(5e-4, duration / 20) }), told.quiet)
      sum += (energyOf(stars, potential) - before) / 2
    }
    return sum / (0.5 * kick ** 2)
  }
}

function energyOf(
  { z, v }: { z: Float64Array; v: Float64Array },
  potential: ReturnType<typeof isothermalSheet>,
): number {
  let sum = 0
  for (let i = 0; i < z.length; i++) sum += 0.5 * v[i] ** 2 + potential.energy(z[i])
  return sum / z.length
}
