/** `saltus spiral age`: how long ago a snapshot of stars was kicked. */
import { Command } from 'commander'
import { cannot } from '../../base/errors.ts'
import type { NdArray } from '../../formats/array.ts'
import { lineChart, type Point } from '../../formats/chart.ts'
import { numbersOf } from '../../formats/csv.ts'
import { readNpz } from '../../formats/npz.ts'
import { readBytes } from '../../node/files.ts'
import { isothermalSheet, orbits, spiralAge, tabulatedPotential } from '../../physics/index.ts'
import { demandEndings, short, writeResult } from '../physical/outputs.ts'
import { readTable } from '../physical/tables.ts'
import { decimal, given, several, whole } from '../usage.ts'

interface Flags {
  readonly data?: string
  readonly sigma: number
  readonly height: number
  readonly potential?: string
  readonly longest: number
  readonly arms: number
  readonly out?: string[]
  readonly json: boolean
}

export function ageCommand(): Command {
  return new Command('age')
    .description('the age of a phase spiral from a snapshot of heights and vertical speeds')
    .option('--data <file>', 'needed: .npz with z_kpc and vz_kms')
    .option('--sigma <km/s>', 'dispersion of the isothermal sheet', decimal('--sigma', { above: 0 }), 20)
    .option('--height <kpc>', 'its scale height', decimal('--height', { above: 0 }), 0.25)
    .option('--potential <file>', 'instead of the sheet: CSV of heights (kpc, from 0) and energies ((km/s)²)')
    .option('--longest <Gyr>', 'ages looked at', decimal('--longest', { above: 0 }), 1.2)
    .option(
      '--arms <n>',
      'arms of the spiral: 1 after a bending kick, 2 after a breathing one',
      whole('--arms', { least: 1, most: 9 }),
      1,
    )
    .option('--out <file>', '.svg or .csv; may be given several times', several)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus spiral age --data snapshot.npz --out age.svg
`,
    )
    .action((flags: Flags) => run(flags))
}

async function run(flags: Flags): Promise<void> {
  const path = given('spiral age', '--data', flags.data)
  demandEndings(flags.out, ['.svg', '.csv'])
  const arrays = readNpz(readBytes(path), path)
  const column = (name: string) => {
    const array: NdArray | string | undefined = arrays[name]
    if (array === undefined || typeof array === 'string')
      throw new RangeError(
        cannot(
          `read ${path}`,
          'its arrays',
          `z_kpc and vz_kms, with units in their names`,
          Object.keys(arrays),
        ),
      )
    return Float64Array.from(array.data)
  }
  const [z, v] = [column('z_kpc'), column('vz_kms')]
  if (z.length !== v.length || z.length < 100)
    throw new RangeError(
      cannot(`read ${path}`, 'z_kpc and vz_kms', 'of one length, 100 or more', [z.length, v.length]),
    )
  const { age, ages, score } = spiralAge(orbits(potentialOf(flags), z, v), flags)
  await writeResult(flags.out, {
    pictures: () =>
      lineChart({
        title: `Stars turned back: most alike ${short(age, 3)} Gyr ago`,
        x: { label: 'age (Gyr)' },
        y: { label: '|mean of exp i(θ − Ω t)|' },
        series: [{ name: `${z.length} stars`, points: Array.from(ages, (t, k): Point => [t, score[k]]) }],
      }),
    arrays: () => ({}),
    columns: () => ({ age_gyr: ages, alike: score }),
  })
  if (flags.json) process.stdout.write(`${JSON.stringify({ data: path, stars: z.length, age })}\n`)
  else process.stdout.write(`${z.length} stars, kicked ${short(age, 3)} Gyr ago\n`)
}

function potentialOf({ potential, sigma, height }: Flags) {
  if (potential === undefined) return isothermalSheet(sigma, height)
  const table = readTable(potential)
  return tabulatedPotential(numbersOf(table, 0), numbersOf(table, 1))
}
