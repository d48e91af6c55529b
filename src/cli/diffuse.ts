/** `saltus diffuse`: the exact forward walk of any image or array. */

import { Command } from 'commander'
import { cannot, InvariantError } from '../base/errors.ts'
import { random } from '../base/random.ts'
import type { ImageSet } from '../formats/dataset.ts'
import type { JumpProcess } from '../process/index.ts'
import { largest, loadImages, massesOf } from './data.ts'
import { demandOutputs, demandRoom, type Images, massArray, seedArray, span, writeOutputs } from './output.ts'
import { type ProcessName, processNamed, processNames } from './processes.ts'
import { decimal, given, listOf, oneOf, several, UsageError, whole } from './usage.ts'

interface Flags {
  readonly input?: string
  readonly time?: number[]
  readonly tau?: number[]
  readonly count: number
  readonly process: ProcessName
  readonly boundary: 'periodic' | 'no-flux'
  readonly rate?: number
  readonly seed: number
  readonly out?: string[]
}

export function diffuseCommand(): Command {
  return new Command('diffuse')
    .description('let the units of an image walk, every mass kept, or die: the exact forward process')
    .option(
      '--input <path>',
      'needed: an image or array [H, W], [N, H, W] or [N, C, H, W]: PNG, .npy, .npz, idx',
    )
    .option(
      '--time <list>',
      'times from 0 to 1, one or several: 0.01,0.1,1',
      listOf(decimal('--time', { least: 0, most: 1 })),
    )
    .option(
      '--tau <list>',
      'instead: mean hops per direction, or deaths of a unit, one or several',
      listOf(decimal('--tau', { least: 0 })),
    )
    .option(
      '--process <name>',
      'what happens to the units: spatial (they walk) or blackout (they die)',
      oneOf('--process', processNames),
      'spatial',
    )
    .option('--count <n>', 'independent trajectories of every image', whole('--count', { least: 1 }), 1)
    .option(
      '--boundary <name>',
      'periodic or no-flux',
      oneOf('--boundary', ['periodic', 'no-flux'] as const),
      'no-flux',
    )
    .option(
      '--rate <r>',
      'hops per direction, or deaths, from time 0 to 1 (default: mixes the lattice; blackout: 15)',
      decimal('--rate', { above: 0 }),
    )
    .option('--seed <n>', 'seed', whole('--seed', { least: 0 }), 0)
    .option(
      '--out <file>',
      'needed: .png (a row per image, a column per time), .npy or .npz; may be given several times',
      several,
    )
    .action((flags: Flags) => diffuse(flags))
}

function diffuse(flags: Flags): void {
  const input = given('diffuse', '--input', flags.input)
  const out = given('diffuse', '--out', flags.out)
  demandOutputs(out)
  const { tau, time, rate, seed } = flags
  if ((time === undefined) === (tau === undefined)) {
    throw new UsageError(
      `Cannot diffuse: one of --time and --tau must be given, got ${time ? 'both' : 'neither'}`,
    )
  }
  if (tau && rate !== undefined)
    throw new UsageError(cannot('diffuse', '--rate', 'given with --time only', rate))
  const set = loadImages(input)
  const [channels, height, width] = set.shape
  // With --tau the rate only sets the unit of time: the largest τ falls on t = 1.
  const walk = processNamed(flags.process).build({
    lengths: [height, width],
    boundary: flags.boundary,
    channels,
    largest: largest(set.counts),
    rate: tau ? Math.max(...tau) || 1 : rate,
  })
  const times = time ?? (tau ?? []).map(t => t / walk.rate)
  const shape = [set.count * flags.count * times.length, channels, height, width] as const
  demandRoom(out, shape)
  const counts = walks(walk, set, { times, copies: flags.count, seed })
  const images: Images = { counts, shape }
  const taus = times.map(t => t * walk.rate)
  const mass = massArray(images)
  if (walk.conserved > 0) demandKept(mass.data, set, flags.count * times.length)
  writeOutputs(out, images, {
    captions: Array.from({ length: shape[0] }, (_, i) => short(taus[i % taus.length], 3)),
    columns: times.length,
    more: { mass, tau: { data: Float64Array.from(taus), shape: [taus.length] }, seed: seedArray(seed) },
  })
  const many = shape[0] / times.length
  const listed = taus.map(t => short(t, 4)).join(', ')
  const noun = walk.motion > 0 ? 'walk' : 'path'
  const kept = walk.conserved > 0 ? 'kept exactly' : `of ${span(massesOf(set).flat())}`
  process.stdout.write(
    `${many} ${noun}${many > 1 ? 's' : ''} at τ = ${listed}; masses ${span(mass.data)}, ${kept}\n`,
  )
}

const short = (value: number, digits: number) => String(Number(value.toPrecision(digits)))

/**
 * Walks of every image, [N · copies · times, C, H, W]: one and the same walk is seen at all its times, for a
 * walk goes on from where it has come to as if it began there.
 */
function walks(
  walk: JumpProcess,
  set: ImageSet,
  { times, copies, seed }: { times: readonly number[]; copies: number; seed: number },
): Int32Array {
  const size = walk.channels * walk.sites
  const counts = new Int32Array(set.count * copies * times.length * size)
  const rising = times.map((_, k) => k).sort((a, b) => times[a] - times[b])
  for (let row = 0; row < set.count * copies; row++) {
    const image = Math.floor(row / copies)
    const stream = random(seed)
      .fork(image)
      .fork(row % copies)
    let clean = Int32Array.from(set.counts.subarray(image * size, (image + 1) * size))
    let now = 0
    for (const k of rising) {
      const at = (row * times.length + k) * size
      const noisy = counts.subarray(at, at + size)
      walk.corrupt(clean, times[k] - now, { random: stream, noisy })
      clean = noisy
      now = times[k]
    }
  }
  return counts
}

/** Every walk must hold the masses of the image that it began with. */
function demandKept(delivered: ArrayLike<number>, set: ImageSet, perImage: number): void {
  massesOf(set).forEach((masses, n) => {
    for (let i = 0; i < perImage * masses.length; i++) {
      const [mass, wanted] = [delivered[n * perImage * masses.length + i], masses[i % masses.length]]
      if (mass !== wanted)
        throw new InvariantError(cannot('diffuse', `the mass of image ${n}`, String(wanted), mass))
    }
  })
}
