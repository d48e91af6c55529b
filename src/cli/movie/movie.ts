/** `saltus movie`: how samples come about, and how images are lost, as a strip of frames or an animation. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { cannot, demand, InvariantError, UsageError } from '../../base/errors.ts'
import { version } from '../../base/version.ts'
import type { Context } from '../../jobs/context.ts'
import { draw } from '../../jobs/draw/draw.ts'
import type { Drawing } from '../../jobs/draw/drawing.ts'
import { type Film, forwardFilm, frameTimes, massOf, withEnd } from '../../jobs/draw/film.ts'
import { generateSchema } from '../../jobs/generate/asking.ts'
import { generatePlan } from '../../jobs/generate/generate.ts'
import type { Plan } from '../../jobs/generate/samples.ts'
import { countsOf } from '../../jobs/input/phases.ts'
import { animation, type Movie, strip } from '../../jobs/movie/picture.ts'
import { span } from '../../jobs/output/images.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { imagesAt, labelsAt } from '../../node/load.ts'
import { machineFiles } from '../../node/machine.ts'
import { process as processOf } from '../../process/index.ts'
import { solver } from '../../sampling/index.ts'
import { type DrawingFlags, watched, withDrawingFlags } from '../drawing-flags.ts'
import { jobOf } from '../flags.ts'
import { duration } from '../progress.ts'
import { type ListedFlags, listed } from '../sample/listed.ts'
import { withAskedFlags } from '../sample/sample.ts'
import { decimal, given, oneOf, several, whole } from '../usage.ts'

interface Flags extends DrawingFlags, ListedFlags {
  readonly class?: string
  readonly mass?: unknown
  readonly seed: number
  readonly direction?: 'forward' | 'reverse' | 'both'
  readonly input?: string
  readonly frames?: number
  readonly scale?: number
  readonly fps: number
  readonly hold: number
  readonly out?: string[]
}

/** Frames where nothing is said of them, by the ending of the file. */
const usualFrames: Record<string, number> = { '.png': 9, '.gif': 49, '.apng': 49 }

/** Most pixels of all frames together, and most counts. */
const room = 2 ** 28

export function movieCommand(): Command {
  const command = new Command('movie').description(
    'show how samples come about from noise, or how images are lost in it, with the mass under each frame',
  )
  withAskedFlags(command, 1)
    .option(
      '--direction <name>',
      'reverse (noise to image), forward (image to noise) or both (default: reverse, with --input forward)',
      oneOf('--direction', ['forward', 'reverse', 'both'] as const),
    )
    .option('--input <path>', 'forward: from the first images of this file or folder instead of samples')
    .option(
      '--frames <n>',
      'frames from noise to image (default: 9 of a strip, 49 of an animation)',
      whole('--frames', { least: 2, most: 10_000 }),
    )
    .option('--scale <n>', 'pixels per site', whole('--scale', { least: 1, most: 256 }))
    .option('--fps <n>', 'animations: frames per second', decimal('--fps', { least: 0.1, most: 50 }), 12)
    .option(
      '--hold <s>',
      'animations: how much longer images, and the last frame, stay',
      decimal('--hold', { least: 0, most: 50 }),
      1.5,
    )
    .option(
      '--out <file>',
      'needed: .png (a strip: a row for each image), .gif or .apng; may be given several times',
      several,
    )
  return withDrawingFlags(command).action(async (flags: Flags) => {
    await run(flags)
  })
}

async function run(flags: Flags): Promise<void> {
  const out = given('movie', '--out', flags.out)
  for (const path of out) {
    const known = Object.keys(usualFrames)
    if (!known.includes(extname(path).toLowerCase()))
      throw new UsageError(cannot('write the movie', '--out', `a file ending in ${known.join(', ')}`, path))
    demandWritable(path)
  }
  const direction = flags.direction ?? (flags.input === undefined ? 'reverse' : 'forward')
  demandInput(flags, direction)
  const samples = generatePlan(jobOf(generateSchema, listed(flags)), { files: machineFiles })
  const { drawing } = samples
  await watched({ ...flags, name: 'sampling' }, async context => {
    const began = performance.now()
    const planned = plan(flags, { out, direction, drawing })
    const input = flags.input === undefined ? undefined : await read(flags.input, drawing, flags.count)
    const { movie, said } = await shot(planned, { samples, drawing, input, flags, context })
    const mass = demandKept(movie)
    for (const path of out) {
      const ending = extname(path).toLowerCase()
      const options = { ...flags, frames: planned.framesOf(path) }
      const bytes =
        ending === '.png' ? strip(movie, options) : animation(movie, ending as '.gif' | '.apng', options)
      writeWhole(path, bytes)
    }
    const many = `${movie.images} image${movie.images > 1 ? 's' : ''}`
    process.stdout.write(
      `A movie of ${many} in ${duration((performance.now() - began) / 1000)}; ${said}${mass}\n`,
    )
  })
}

/** Images that are given are not asked for. */
function demandInput(flags: Flags, direction: Direction): void {
  if (flags.input === undefined) return
  if (direction !== 'forward')
    throw new UsageError(
      cannot('make a movie', '--input', 'given with --direction forward only', flags.input),
    )
  for (const name of ['class', 'mass', 'porosity', 'fractions'] as const)
    if (flags[name] !== undefined)
      throw new UsageError(cannot('make a movie', `--${name}`, 'left out with --input', 'given'))
}

type Direction = NonNullable<Flags['direction']>

/** When the frames are, and how many each file shows. Throws RangeError for more than there are states. */
function plan(
  flags: Flags,
  { out, direction, drawing }: { out: readonly string[]; direction: Direction; drawing: Drawing },
) {
  const { description } = drawing
  const walk = processOf(drawing.process ?? description.process)
  const { calls = Infinity } = direction === 'forward' ? {} : solver(drawing.solver)
  const most = calls + 1
  const { frames = 0 } = flags
  demand(frames <= most, 'make a movie', '--frames', `at most ${most}, one more than network calls`, frames)
  const framesOf = (path: string) => Math.min(most, frames || usualFrames[extname(path).toLowerCase()])
  const times = frameTimes(walk, Math.max(...out.map(framesOf)), {
    ...description.sampling,
    ...drawing.solver,
  })
  return { walk, direction, times, framesOf }
}

interface Shooting {
  readonly samples: Plan
  readonly drawing: Drawing
  /** Images [N, C, H, W] to be lost, instead of samples. */
  readonly input: Int32Array | undefined
  readonly flags: Flags
  readonly context: Context
}

/** The films, and a few words on what was asked for and delivered. */
async function shot(
  { walk, direction, times }: ReturnType<typeof plan>,
  { samples, drawing, input, flags, context }: Shooting,
): Promise<{ movie: Movie; said: string }> {
  const size = walk.channels * walk.sites
  const images = input ? input.length / size : drawing.masses.length
  const counts = images * times.length * size
  demand(counts <= room, 'make a movie', 'the counts of all frames', `at most ${room}`, counts)
  const rising = [...times].reverse()
  const forward = (clean: Int32Array) => forwardFilm(walk, clean, { times: rising, seed: flags.seed })
  const same = { images, process: walk, units: drawing.description.data.material?.units }
  if (input) return { movie: { ...same, films: [forward(input)], clean: input }, said: '' }
  for (const words of samples.warnings) context.say?.(words)
  const frames = direction === 'forward' ? [] : times.slice(0, -1)
  const drawn = await draw({ ...drawing, frames }, context)
  const record = { saltus: version, job: { kind: 'movie' }, sha256: {}, fingerprint: drawn.fingerprint }
  const said = `${samples.finish(drawn, record).said}; `
  const films: Film[] = []
  if (direction !== 'forward') films.push(withEnd(drawn.seen, drawn.counts, images))
  if (direction !== 'reverse') films.push(forward(drawn.counts))
  return { movie: { ...same, films, clean: drawn.counts }, said }
}

/** The first images of a file or folder, as counts that the model's process takes. */
async function read(path: string, { description }: Drawing, most: number): Promise<Int32Array> {
  const { task, data } = description
  const wanted = task.shape
  const sites = wanted[1] * wanted[2]
  if (!data.material) {
    const { counts, count, shape } = imagesAt(path)
    demandShape(path, shape, wanted)
    return Int32Array.from(counts.subarray(0, Math.min(count, most) * wanted[0] * sites))
  }
  const { data: labels, shape } = await labelsAt(path, {}, { times: true })
  demandShape(path, [wanted[0], ...shape.slice(-2)], wanted)
  return countsOf(labels.subarray(0, most * sites), data.material, { sites, path })
}

function demandShape(path: string, shape: readonly number[], wanted: readonly number[]): void {
  const fits = String(shape) === String(wanted)
  demand(fits, 'make a movie', `the images of ${path}`, `${wanted.join('×')} as the model's`, shape.join('×'))
}

/** What is conserved must be the same in every frame; words on that, or on what the frames hold. */
function demandKept({ films, images, process: walk }: Movie): string {
  const size = walk.channels * walk.sites
  const all: number[] = []
  for (const { counts, times } of films)
    for (let i = 0, at = 0; i < images; i++) {
      const first = massOf(walk, counts.subarray(at, at + size))
      for (let k = 0; k < times.length / images; k++, at += size) {
        const mass = massOf(walk, counts.subarray(at, at + size))
        all.push(...mass)
        if (walk.conserved > 0 && String(mass) !== String(first))
          throw new InvariantError(cannot('make a movie', `frame ${k} of image ${i}`, String(first), mass))
      }
    }
  return walk.conserved > 0 ? `mass ${span(all)}, the same in every frame` : `units on the way ${span(all)}`
}
