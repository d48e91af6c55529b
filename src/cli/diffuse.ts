/** `saltus diffuse`: the exact forward walk of any image or array. */
import { Command } from 'commander'
import { basename } from 'node:path'
import { cannot } from '../base/errors.ts'
import { random } from '../base/random.ts'
import { readImages } from '../formats/dataset.ts'
import { lattice } from '../lattice/index.ts'
import { spatial } from '../process/index.ts'
import { readBytes } from './files.ts'
import { demandOutputs, type Images, massArray, writeOutputs } from './output.ts'
import { decimal, listOf, oneOf, several, UsageError, whole } from './usage.ts'

interface Flags {
  readonly input: string
  readonly time?: number[]
  readonly tau?: number[]
  readonly count: number
  readonly boundary: 'periodic' | 'no-flux'
  readonly rate?: number
  readonly seed: number
  readonly out?: string[]
}

export function diffuseCommand(): Command {
  return new Command('diffuse')
    .description('let the units of an image walk: the exact forward process, every mass kept')
    .requiredOption('--input <file>', 'an image or array [H, W], [N, H, W] or [N, C, H, W]: PNG, .npy, .npz, idx')
    .option('--time <list>', 'times from 0 to 1, one or several: 0.01,0.1,1', listOf(decimal('--time', { least: 0, most: 1 })))
    .option('--tau <list>', 'instead: mean hops per direction, one or several', listOf(decimal('--tau', { least: 0 })))
    .option('--count <n>', 'independent walks of every image', whole('--count', { least: 1 }), 1)
    .option('--boundary <name>', 'periodic or no-flux', oneOf('--boundary', ['periodic', 'no-flux'] as const), 'no-flux')
    .option('--rate <r>', 'hops per direction from time 0 to 1 (default: mixes the lattice)', decimal('--rate', { above: 0 }))
    .option('--seed <n>', 'seed', whole('--seed', { least: 0 }), 0)
    .option('--out <file>', '.png (a row per image, a column per time), .npy or .npz; may be given several times', several)
    .action((flags: Flags) => diffuse(flags))
}

function diffuse(flags: Flags): void {
  demandOutputs(flags.out)
  if ((flags.time === undefined) === (flags.tau === undefined)) {
    throw new UsageError(cannot('diffuse', 'one of --time and --tau', 'given', flags.time ? 'both' : 'neither'))
  }
  const set = readImages(basename(flags.input), readBytes(flags.input))
  const [channels, height, width] = set.shape
  const grid = lattice([height, width], flags.boundary)
  const most = Math.max(...(flags.tau ?? [0]))
  // With --tau the rate only sets the unit of time: the largest τ falls on t = 1.
  const walk = spatial({ lattice: grid, channels, rate: flags.tau ? most || 1 : flags.rate })
  const times = flags.time ?? flags.tau!.map(tau => tau / walk.rate)
  const size = channels * height * width
  const rows = set.count * flags.count
  const counts = new Int32Array(rows * times.length * size)
  const target = new Float32Array(size * walk.jumps)
  const clean = new Int32Array(size)
  for (let row = 0; row < rows; row++) {
    const image = Math.floor(row / flags.count)
    for (let x = 0; x < size; x++) clean[x] = set.counts[image * size + x]
    times.forEach((time, k) => {
      const at = row * times.length + k
      walk.corrupt(clean, time, { random: random(flags.seed).fork(row).fork(k), noisy: counts.subarray(at * size, (at + 1) * size), target })
    })
  }
  const images: Images = { counts, shape: [rows * times.length, channels, height, width] }
  const taus = times.map(time => time * walk.rate)
  const captions = Array.from({ length: images.shape[0] }, (_, i) => taus[i % taus.length].toPrecision(3))
  writeOutputs(flags.out, images, {
    captions,
    columns: times.length,
    more: { mass: massArray(images), tau: { data: Float64Array.from(taus), shape: [taus.length] } },
  })
  const masses = massArray(images).data
  process.stdout.write(`${rows} walk${rows > 1 ? 's' : ''} at τ = ${taus.map(tau => tau.toPrecision(4)).join(', ')}; masses ${listed(masses)}, kept exactly\n`)
}

const listed = (values: ArrayLike<number>): string => {
  const distinct = [...new Set(Array.from(values))]
  return distinct.length > 6 ? `${Math.min(...distinct)} … ${Math.max(...distinct)}` : distinct.join(', ')
}
