/** `saltus inpaint`: holes of any shape filled with exactly the mass that is asked for, and nothing else touched. */
import { Command } from 'commander'
import { cannot, InvariantError } from '../base/errors.ts'
import { below, random } from '../base/random.ts'
import type { ImageSet } from '../formats/dataset.ts'
import { lattice } from '../lattice/index.ts'
import type { ModelDescription } from '../model/description.ts'
import type { SpatialDescription } from '../process/index.ts'
import { loadImages } from './data.ts'
import { type DrawingFlags, drawShown, solverOf, withDrawingFlags } from './drawing-flags.ts'
import { estimateBy, holeMasses, type Part } from './hole.ts'
import { loadModel } from './models.ts'
import { demandOutputs, demandRoom, type Images, massArray, seedArray, span, writeOutputs } from './output.ts'
import { duration, interruption } from './progress.ts'
import { given, listOf, several, UsageError, whole } from './usage.ts'
import { classesNamed, type MassRange, massRange } from './wishes.ts'

interface Flags extends DrawingFlags {
  readonly model: string
  readonly input?: string
  readonly mask?: string
  readonly mass?: MassRange[]
  readonly class?: string
  readonly count: number
  readonly out?: string[]
}

export function inpaintCommand(): Command {
  const command = new Command('inpaint')
    .description('complete images: the hole receives exactly the mass asked for, all else stays as it is')
    .option('--model <model>', 'a model whose units walk: a file, or the name of a shipped one', 'mnist')
    .option('--input <path>', 'the images to complete: png, npy, npz, idx, or a folder; needed')
    .option('--mask <file>', 'png or array of the image, [H, W] or [C, H, W], not 0 in the hole; needed')
    .option(
      '--mass <m>',
      'units for the hole, M or MIN:MAX, or several with commas (default: as many as are expected)',
      listOf(massRange('inpaint')),
    )
    .option('--class <name>', 'the class that the network is told (default: none)')
    .option(
      '--count <n>',
      'how many completions of each image with each mass',
      whole('--count', { least: 1, most: 1e6 }),
      4,
    )
    .option('--out <file>', 'needed: .png (a row each), .npy or .npz; may be given several times', several)
  return withDrawingFlags(command).action(async (flags: Flags) => {
    await run(flags)
  })
}

async function run(flags: Flags): Promise<void> {
  const request = requested(flags)
  const { out, known, open, each, shape, masses, label } = request
  const { signal, release } = interruption()
  try {
    const began = Date.now()
    const { counts, fingerprint } = await drawn(request, flags, signal)
    const hole = masses.map(parts => parts.reduce((sum, mass) => sum + mass, 0))
    const delivered = received(counts, { known, open, each })
    delivered.forEach((mass, i) => {
      if (mass !== hole[i]) throw new InvariantError(cannot('inpaint', `hole ${i}`, String(hole[i]), mass))
    })
    const images: Images = { counts, shape }
    writeOutputs(out, images, {
      captions: hole.map(String),
      columns: flags.count,
      more: {
        mass: massArray(images),
        hole: { data: Uint32Array.from(hole), shape: [hole.length] },
        ...(label === undefined
          ? {}
          : { classes: { data: Int32Array.from(hole, () => label), shape: [hole.length] } }),
        seed: seedArray(flags.seed),
        fingerprint,
      },
    })
    const sites = open.reduce((sum, x) => sum + x, 0)
    const source = flags.mass ? 'asked for' : `estimated from ${request.from}`
    process.stdout.write(
      `${shape[0]} images in ${duration((Date.now() - began) / 1000)}; hole of ${sites} sites: ` +
        `units ${source} ${span(hole)}, delivered ${span(delivered)}: equal\n`,
    )
  } finally {
    release()
  }
}

/** Everything that is asked for, checked; `masses` are those of the hole of each channel, [N][C]. */
function requested(flags: Flags) {
  const input = given('inpaint', '--input', flags.input)
  const maskPath = given('inpaint', '--mask', flags.mask)
  const out = given('inpaint', '--out', flags.out)
  demandOutputs(out)
  const { description, bytes: model } = loadModel(flags.model)
  const set = loadImages(input)
  const wanted = description.task.shape
  if (String(set.shape) !== String(wanted))
    throw new RangeError(
      cannot('inpaint', `the images of ${input}`, `${wanted.join('×')}`, set.shape.join('×')),
    )
  const open = maskOf(loadImages(maskPath), maskPath, wanted)
  const each = flags.count * (flags.mass?.length ?? 1)
  const shape = [set.count * each, ...wanted] as const
  demandRoom(out, shape)
  const labels = flags.class === undefined ? [] : classesNamed(flags.class, description.data.classes)
  if (labels.length > 1) throw new UsageError(cannot('inpaint', '--class', 'one class', flags.class))
  const [label] = labels as (number | undefined)[]
  const grid = latticeOf(description)
  const parts = partsOf(open, grid.size)
  const { expected, from } = estimateBy(description, { lattice: grid, open, label })
  const [size, sites] = [open.length, grid.size]
  const total = totalOf(flags)
  const masses = holeMasses({ parts, images: set.counts, size, sites, expected, each, total })
  const known = Int32Array.from(set.counts)
  return { out, model, description, known, open, each, shape, label, masses, from }
}

/** The lattice that the units of a model walk on. @throws RangeError where they do not */
function latticeOf({ process }: ModelDescription) {
  const { kind, lengths, boundaries } = process as SpatialDescription
  if (kind !== 'spatial')
    throw new RangeError(cannot('inpaint', 'the model', 'one whose units walk on a lattice', kind))
  return lattice(lengths, boundaries)
}

/** The sites of the hole in each channel. */
function partsOf(open: Uint8Array, sites: number): Part[] {
  return Array.from({ length: open.length / sites }, (_, channel) => ({
    channel,
    sites: Array.from({ length: sites }, (_, x) => x).filter(x => open[channel * sites + x]),
  }))
}

async function drawn(
  { model, description, known, open, each, label, masses }: ReturnType<typeof requested>,
  flags: DrawingFlags,
  signal: AbortSignal,
): Promise<{ counts: Int32Array; fingerprint: string }> {
  const channels = description.task.shape[0]
  const sites = open.length / channels
  /** Of the image with its hole filled, in each channel. */
  const whole = masses.map((hole, i) =>
    hole.map((mass, c) => {
      const start = Math.floor(i / each) * open.length
      let sum = mass
      for (let x = c * sites; x < (c + 1) * sites; x++) if (!open[x]) sum += known[start + x]
      return sum
    }),
  )
  const drawing = {
    model,
    description,
    surroundings: { known, open, each, channels },
    solver: solverOf(flags, description),
    seed: flags.seed,
    masses: whole,
    labels: label === undefined ? undefined : masses.map(() => label),
    guidance: flags.guidance,
  }
  return drawShown(drawing, flags, signal)
}

/** The mask [C, H, W] as 0 and 1; one for all channels is repeated. */
function maskOf(mask: ImageSet, path: string, [c, h, w]: readonly number[]): Uint8Array {
  const [channels, height, width] = mask.shape
  const fits = mask.count === 1 && height === h && width === w && (channels === 1 || channels === c)
  if (!fits) {
    const got = `${mask.count} of ${mask.shape.join('×')}`
    throw new RangeError(
      cannot('inpaint', `the mask ${path}`, `one image of ${c}×${h}×${w} or 1×${h}×${w}`, got),
    )
  }
  return Uint8Array.from({ length: c * h * w }, (_, x) => (mask.counts[x % mask.counts.length] > 0 ? 1 : 0))
}

/** The stream of masses, far from the streams of the images, which are numbered from 0. */
const massStream = 2 ** 32

/** The mass asked for of image number i, `count` of each mass for each input; undefined where it is estimated. */
function totalOf({ mass, seed, count }: Flags): ((i: number) => number) | undefined {
  if (!mass) return undefined
  const stream = random(seed).fork(massStream)
  return i => {
    const [least, most] = mass[Math.floor(i / count) % mass.length]
    return least + (most > least ? below(stream.fork(i), most - least + 1) : 0)
  }
}

/** What the holes have received. @throws InvariantError where a known count is not as it was */
function received(
  counts: Int32Array,
  { known, open, each }: { known: Int32Array; open: Uint8Array; each: number },
): number[] {
  const size = open.length
  return Array.from({ length: counts.length / size }, (_, i) => {
    const from = Math.floor(i / each) * size
    let sum = 0
    for (let x = 0; x < size; x++) {
      const n = counts[i * size + x]
      if (open[x]) sum += n
      else if (n !== known[from + x])
        throw new InvariantError(cannot('inpaint', `site ${x} of image ${i}`, String(known[from + x]), n))
    }
    return sum
  })
}
