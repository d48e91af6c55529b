/** `saltus spiral`: stars that are kicked, and the spirals that they wind into. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { writeApng } from '../../formats/apng.ts'
import { colouredField, heatMap } from '../../formats/heat-map.ts'
import { writePng } from '../../formats/png-writer.ts'
import { writeWhole } from '../../node/files.ts'
import {
  evolve,
  isothermalSheet,
  type Kick,
  orbits,
  type Pulse,
  phasePlane,
  type Stars,
  sheetStars,
  spiralAge,
} from '../../physics/index.ts'
import { demandEndings, short, under, withOutputs, writeResult } from '../physical/outputs.ts'
import { decimal, oneOf, whole } from '../usage.ts'
import { ageCommand } from './age.ts'
import { mixingCommand } from './mixing.ts'
import { responseCommand } from './response.ts'

interface Flags {
  readonly units: number
  readonly sigma: number
  readonly height: number
  readonly mode: Kick['mode']
  readonly kick: number
  readonly duration: number
  readonly pulse: Pulse
  readonly time: number
  readonly frames: number
  readonly seed: number
  readonly out?: string[]
  readonly json: boolean
  readonly quiet: boolean
}

const above = (flag: string) => decimal(flag, { above: 0 })

export function spiralCommand(): Command {
  return withOutputs(
    new Command('spiral')
      .enablePositionalOptions()
      .description('phase spirals in a disk: kicked stars wind up; age, mixing and response as sub-commands')
      .option('--units <n>', 'stars', whole('--units', { least: 100, most: 10_000_000 }), 200_000)
      .option('--sigma <km/s>', 'vertical dispersion of the isothermal sheet', above('--sigma'), 20)
      .option('--height <kpc>', 'its scale height', above('--height'), 0.25)
      .option(
        '--mode <name>',
        'bending (one arm) or breathing (two arms)',
        oneOf('--mode', ['bending', 'breathing'] as const),
        'bending',
      )
      .option('--kick <km/s>', 'speed of the kick', decimal('--kick'), 15)
      .option('--duration <Gyr>', 'of the kick; 0: at once', decimal('--duration', { least: 0 }), 0)
      .option(
        '--pulse <shape>',
        'gaussian or cusp',
        oneOf('--pulse', ['gaussian', 'cusp'] as const),
        'gaussian',
      )
      .option('--time <Gyr>', 'after the kick', above('--time'), 0.5)
      .option('--frames <n>', 'frames of an .apng', whole('--frames', { least: 2, most: 500 }), 40),
    '.svg, .npz, or .apng (a movie)',
  )
    .addHelpText(
      'after',
      `
Examples:
  saltus spiral --mode bending --time 0.4 --out spiral.svg --out spiral.apng
`,
    )
    .action((flags: Flags) => run(flags))
    .addCommand(ageCommand())
    .addCommand(mixingCommand())
    .addCommand(responseCommand())
}

async function run(flags: Flags): Promise<void> {
  demandEndings(flags.out, ['.svg', '.npz', '.apng'])
  const movies = flags.out?.filter(path => extname(path) === '.apng') ?? []
  const stars = sheetStars(flags.units, flags)
  const frames: Uint8Array[] = []
  if (movies.length > 0) await film(stars, flags, frames)
  else await under('spiral', evolve(evolution(stars, flags, flags.time)), flags.quiet)
  const plane = planeOf(stars, flags)
  for (const path of movies)
    writeWhole(path, writeApng(frames.map((png, k) => ({ png, delay: k === frames.length - 1 ? 2000 : 80 }))))
  const [wide, fast] = [4 * flags.height, 3 * flags.sigma]
  await writeResult(
    flags.out?.filter(path => extname(path) !== '.apng'),
    {
      pictures: () =>
        heatMap({
          title: `${flags.mode === 'bending' ? 'One' : 'Two'}-armed: ${short(1000 * flags.time)} Myr after a ${flags.mode} kick`,
          values: plane.contrast,
          shape: [96, 96],
          x: { label: 'z (kpc)', range: [-wide, wide] },
          y: { label: 'v_z (km/s)', range: [-fast, fast] },
          colour: { label: 'density / mean of the ring − 1', signed: true, range: [-0.6, 0.6] },
        }),
      arrays: () => ({
        z_kpc: { data: stars.z, shape: [flags.units] },
        vz_kms: { data: stars.v, shape: [flags.units] },
        sigma: { data: Float64Array.of(flags.sigma), shape: [] },
        h: { data: Float64Array.of(flags.height), shape: [] },
      }),
    },
  )
  const { age } = spiralAge(orbits(isothermalSheet(flags.sigma, flags.height), stars.z, stars.v), {
    longest: 3 * flags.time,
    arms: flags.mode === 'bending' ? 1 : 2,
  })
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...flags, out: undefined, age })}\n`)
  else
    process.stdout.write(
      `${flags.units} stars ${short(flags.time)} Gyr after the kick; age read from the spiral ${short(age, 3)} Gyr\n`,
    )
}

const planeOf = (stars: Stars, { height, sigma }: Flags) =>
  phasePlane(stars, { heights: 4 * height, speeds: 3 * sigma })

function evolution(stars: Stars, flags: Flags, time: number, kicked = true) {
  const { mode, kick, height, sigma, duration, pulse } = flags
  const told: Kick = { mode, speed: kicked ? kick : 0, height, duration: kicked ? duration : 0, pulse }
  return { ...stars, potential: isothermalSheet(sigma, height), kick: told, time }
}

/** Frame by frame, each an enlarged picture of the phase plane. */
async function film(stars: Stars, flags: Flags, frames: Uint8Array[]): Promise<void> {
  for (let k = 0; k < flags.frames; k++) {
    await under(`frame ${k + 1}`, evolve(evolution(stars, flags, flags.time / flags.frames, k === 0)), true)
    const { contrast } = planeOf(stars, flags)
    const large = Float64Array.from(
      { length: 288 * 288 },
      (_, at) => contrast[Math.floor(at / 288 / 3) * 96 + Math.floor((at % 288) / 3)],
    )
    frames.push(writePng(colouredField(large, { shape: [288, 288], range: [-0.6, 0.6], signed: true })))
  }
}
