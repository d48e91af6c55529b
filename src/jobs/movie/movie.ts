/** The job `movie`: how samples come about, and how images are lost, as a strip of frames or an animation. */
import { cannot, demand, InvariantError, refused } from '../../base/errors.ts'
import { process as processOf } from '../../process/index.ts'
import { solver } from '../../sampling/index.ts'
import type { Context } from '../context.ts'
import { draw } from '../draw/draw.ts'
import type { Drawing } from '../draw/drawing.ts'
import { type Film, forwardFilm, frameTimes, massOf, withEnd } from '../draw/film.ts'
import { decimal, oneOf, text, whole } from '../fields.ts'
import { endingOf, nameOf, type OutFile } from '../files.ts'
import { generateSchema } from '../generate/asking.ts'
import { askedFields, drawingFields } from '../generate/fields.ts'
import { generatePlan } from '../generate/generate.ts'
import type { Plan } from '../generate/samples.ts'
import { loadImages, type Reading } from '../input/images.ts'
import { asCounts } from '../input/ink.ts'
import { loadLabels } from '../input/labels.ts'
import { countsOf } from '../input/phases.ts'
import { span } from '../output/images.ts'
import { jobRecord } from '../record.ts'
import { checked, type JobOf, usually } from '../schema.ts'
import { animation, type Movie, strip } from './picture.ts'

/** What is asked of a movie beside its samples. */
export const movieFields = {
  direction: oneOf(['forward', 'reverse', 'both'] as const, {
    help: 'reverse (noise to image), forward (image to noise) or both (default: reverse, with --input forward)',
  }),
  input: text({
    help: 'forward: from the first images of this file or folder instead of samples',
    argument: '<path>',
  }),
  frames: whole({
    help: 'frames from noise to image (default: 9 of a strip, 49 of an animation)',
    least: 2,
    most: 10_000,
  }),
  scale: whole({ help: 'pixels per site', least: 1, most: 256 }),
  fps: usually(decimal({ help: 'animations: frames per second', argument: '<n>', least: 0.1, most: 50 }), 12),
  hold: usually(
    decimal({
      help: 'animations: how much longer images, and the last frame, stay',
      argument: '<s>',
      least: 0,
      most: 50,
    }),
    1.5,
  ),
} as const

export const movieSchema = { ...askedFields(1), ...movieFields, ...drawingFields } as const

export type MovieJob = JobOf<typeof movieSchema>

/** Frames where nothing is said of them, by the ending of the file. */
const usualFrames: Record<string, number> = { '.png': 9, '.gif': 49, '.apng': 49 }

/** Most pixels of all frames together, and most counts. */
const room = 2 ** 28

/** A movie, and how it is shown. */
export interface Shot {
  readonly images: number
  /** What was asked for and delivered, and the mass of all frames, in words. */
  readonly said: string
  file(path: string): OutFile
}

/** Checks the name of a movie's file. Throws UsageError where it says no format. */
export function demandMovie(path: string): void {
  const known = Object.keys(usualFrames)
  if (!known.includes(endingOf(path)))
    throw refused('write the movie', 'out', `a file ending in ${known.join(', ')}`, path)
}

/**
 * Makes a movie for files of these names. @throws UsageError for what does not go together, RangeError for more frames
 * than there are states, Cancelled
 */
export async function movie(job: MovieJob, context: Context, out: readonly string[]): Promise<Shot> {
  for (const path of out) demandMovie(path)
  const direction = job.direction ?? (job.input === undefined ? 'reverse' : 'forward')
  demandInput(job, direction)
  const own = Object.entries(job).filter(([name]) => Object.hasOwn(generateSchema, name))
  const samples = await generatePlan(checked('sample', generateSchema, Object.fromEntries(own)), context)
  const { drawing } = samples
  const planned = timing(job, { out, direction, drawing, rebuild: context.rebuild })
  const { files, say } = context
  const input =
    job.input === undefined ? undefined : await read(job.input, drawing, { files, say, most: job.count })
  const { movie, said } = await shot(planned, { samples, drawing, input, job, context })
  const mass = demandKept(movie)
  return {
    images: movie.images,
    said: `${said}${mass}`,
    file(path) {
      const ending = endingOf(path)
      const options = { ...job, frames: planned.framesOf(path) }
      const bytes =
        ending === '.png' ? strip(movie, options) : animation(movie, ending as '.gif' | '.apng', options)
      return { name: path, bytes }
    },
  }
}

/** Images that are given are not asked for. */
function demandInput(job: MovieJob, direction: Direction): void {
  if (job.input === undefined) return
  if (direction !== 'forward')
    throw refused('make a movie', 'input', 'given with --direction forward only', job.input)
  for (const name of ['class', 'mass', 'porosity', 'fractions'] as const)
    if (job[name] !== undefined) throw refused('make a movie', name, 'left out with --input', 'given')
}

type Direction = NonNullable<MovieJob['direction']>

/** When the frames are, and how many each file shows. Throws RangeError for more than there are states. */
function timing(
  job: MovieJob,
  {
    out,
    direction,
    drawing,
    rebuild = processOf,
  }: Pick<Context, 'rebuild'> & {
    out: readonly string[]
    direction: Direction
    drawing: Drawing
  },
) {
  const { description } = drawing
  const walk = rebuild(drawing.process ?? description.process)
  const { calls = Infinity } = direction === 'forward' ? {} : solver(drawing.solver)
  const most = calls + 1
  const { frames = 0 } = job
  if (frames > most)
    throw refused('make a movie', 'frames', `at most ${most}, one more than network calls`, frames)
  const framesOf = (path: string) => Math.min(most, frames || usualFrames[endingOf(path)])
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
  readonly job: MovieJob
  readonly context: Context
}

/** The films, and a few words on what was asked for and delivered. */
async function shot(
  { walk, direction, times }: ReturnType<typeof timing>,
  { samples, drawing, input, job, context }: Shooting,
): Promise<{ movie: Movie; said: string }> {
  const size = walk.channels * walk.sites
  const images = input ? input.length / size : drawing.masses.length
  const counts = images * times.length * size
  demand(counts <= room, 'make a movie', 'the counts of all frames', `at most ${room}`, counts)
  const rising = [...times].reverse()
  const forward = (clean: Int32Array) => forwardFilm(walk, clean, { times: rising, seed: job.seed })
  const same = { images, process: walk, ...aboutOf(drawing) }
  if (input) return { movie: { ...same, films: [forward(input)], clean: input }, said: '' }
  for (const words of samples.warnings) context.say?.(words)
  const frames = direction === 'forward' ? [] : times.slice(0, -1)
  const drawn = await draw({ ...drawing, frames }, context)
  const record = jobRecord({ job: { kind: 'movie', ...job }, sha256: {}, fingerprint: drawn.fingerprint })
  const said = `${samples.finish(drawn, record).said}; `
  const films: Film[] = []
  if (direction !== 'forward') films.push(withEnd(drawn.seen, drawn.counts, images))
  if (direction !== 'reverse') films.push(forward(drawn.counts))
  return { movie: { ...same, films, clean: drawn.counts }, said }
}

/** What the counts are of. */
const aboutOf = ({ description: { data } }: Drawing) => ({ units: data.material?.units, paper: data.paper })

/** The first images of a file or folder, as counts that the model's process takes. */
async function read(
  path: string,
  { description }: Drawing,
  { most, ...reading }: Reading & { most: number },
): Promise<Int32Array> {
  const { task, data } = description
  const wanted = task.shape
  const sites = wanted[1] * wanted[2]
  if (!data.material) {
    const set = asCounts(loadImages(path, reading), { name: nameOf(path), paper: data.paper })
    const { counts, count, shape } = set
    demandShape(path, shape, wanted)
    return Int32Array.from(counts.subarray(0, Math.min(count, most) * wanted[0] * sites))
  }
  const { data: labels, shape } = await loadLabels(path, {}, { ...reading, times: true })
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
