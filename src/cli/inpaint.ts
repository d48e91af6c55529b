/** `saltus inpaint`: holes of any shape filled with exactly the mass that is asked for, and nothing else touched. */
import { Command } from 'commander'
import { cannot, InvariantError } from '../base/errors.ts'
import { below, random } from '../base/random.ts'
import { greyOf, type ImageSet } from '../formats/dataset.ts'
import type { Lattice } from '../lattice/index.ts'
import { intoHole } from '../process/into-hole.ts'
import { loadImages } from './data.ts'
import { type DrawingFlags, drawShown, solverOf, withDrawingFlags } from './drawing-flags.ts'
import { estimateBy, holeMasses, type Part } from './hole.ts'
import { loadModel } from './models.ts'
import { demandOutputs, demandRoom, type Images, massArray, seedArray, span, writeOutputs } from './output.ts'
import { duration, interruption } from './progress.ts'
import { routeOf } from './route.ts'
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
    .option(
      '--model <model>',
      'a model, best one that takes a mask: a file, or the name of a shipped one',
      'mnist-inpaint',
    )
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
  const { out, known, open, each, shape, route, masses, label } = request
  const { signal, release } = interruption()
  try {
    const began = Date.now()
    const { counts, fingerprint } = await drawn(request, flags, signal)
    const hole = masses.map(parts => parts.reduce((sum, mass) => sum + mass, 0))
    const { delivered, moved } = finish(counts, { known, open, each, lattice: route.lattice })
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
    const units = hole.reduce((sum, mass) => sum + mass, 0)
    process.stdout.write(
      `${shape[0]} images in ${duration((Date.now() - began) / 1000)}; hole of ${sites} sites: ` +
        `units ${source} ${span(hole)}, delivered ${span(delivered)}: equal\n` +
        `Route: ${route.name}; ${moved} of ${units} units ended outside the hole and were moved into it\n`,
    )
  } finally {
    release()
  }
}

/** Everything that is asked for, checked; `masses` are those of the parts of each hole, [N][parts]. */
function requested(flags: Flags) {
  const input = given('inpaint', '--input', flags.input)
  const maskPath = given('inpaint', '--mask', flags.mask)
  const out = given('inpaint', '--out', flags.out)
  demandOutputs(out)
  const { description, bytes: model } = loadModel(flags.model)
  const { quiet } = flags
  const wide = loadImages(input, { quiet })
  const wanted = description.task.shape
  const set = wanted[0] === 1 ? (greyOf(wide) ?? wide) : wide
  if (String(set.shape) !== String(wanted))
    throw new RangeError(
      cannot('inpaint', `the images of ${input}`, `${wanted.join('×')}`, set.shape.join('×')),
    )
  const open = maskOf(loadImages(maskPath, { quiet }), maskPath, wanted)
  const each = flags.count * (flags.mass?.length ?? 1)
  const shape = [set.count * each, ...wanted] as const
  demandRoom(out, shape)
  const labels = flags.class === undefined ? [] : classesNamed(flags.class, description.data.classes)
  if (labels.length > 1) throw new UsageError(cannot('inpaint', '--class', 'one class', flags.class))
  const [label] = labels as (number | undefined)[]
  const route = routeOf(description, open)
  const { expected, from } = estimateBy(description, { lattice: route.lattice, open, label })
  const [size, sites] = [open.length, route.lattice.size]
  const total = totalOf(flags)
  const masses = holeMasses({ parts: route.parts, images: set.counts, size, sites, expected, each, total })
  const known = Int32Array.from(set.counts)
  return { out, model, description, known, open, each, shape, label, route, masses, from }
}

async function drawn(
  { model, description, known, open, each, label, route, masses }: ReturnType<typeof requested>,
  flags: DrawingFlags,
  signal: AbortSignal,
): Promise<{ counts: Int32Array; fingerprint: string }> {
  if (!route.parts.some(part => part.sites.length > 1))
    return {
      counts: settled(masses, { ...route, size: open.length }),
      fingerprint: 'none: no unit can move',
    }
  const drawing = {
    model,
    description,
    ...route.told({ known, open, each, masses, seed: flags.seed }),
    solver: solverOf(flags, description),
    seed: flags.seed,
    masses,
    labels: label === undefined ? undefined : masses.map(() => label),
    guidance: flags.guidance,
  }
  return drawShown(drawing, flags, signal)
}

/** The mask [C, H, W] as 0 and 1; one for all channels is repeated. */
function maskOf(given: ImageSet, path: string, [c, h, w]: readonly number[]): Uint8Array {
  // A mask in colours that are all equal is one for all channels.
  const mask = greyOf(given) ?? given
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

/** Where every part is a single site, its mass is the answer. */
function settled(
  masses: readonly number[][],
  { parts, lattice, size }: { parts: readonly Part[]; lattice: Lattice; size: number },
): Int32Array {
  const counts = new Int32Array(masses.length * size)
  masses.forEach((each, i) => {
    parts.forEach(({ channel, sites }, p) => {
      if (sites.length > 0) counts[i * size + channel * lattice.size + sites[0]] = each[p]
    })
  })
  return counts
}

/** Moves units beside the holes into them and puts the known counts around, in place; what the holes have received. */
function finish(
  counts: Int32Array,
  { known, open, each, lattice }: { known: Int32Array; open: Uint8Array; each: number; lattice: Lattice },
): { delivered: number[]; moved: number } {
  const size = open.length
  let moved = 0
  const delivered = Array.from({ length: counts.length / size }, (_, i) => {
    const from = Math.floor(i / each) * size
    const image = counts.subarray(i * size, (i + 1) * size)
    moved += intoHole(image, lattice, open)
    let received = 0
    for (let x = 0; x < size; x++) {
      if (open[x]) received += image[x]
      else image[x] = known[from + x]
    }
    return received
  })
  return { delivered, moved }
}
