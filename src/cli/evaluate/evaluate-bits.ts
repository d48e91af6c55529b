/** `saltus evaluate --bits`: how many bits real images cost under a model. */
import { demand } from '../../base/errors.ts'
import { binarised } from '../../jobs/input/binarise.ts'
import { originFunction } from '../../model/origin.ts'
import { imagesAt } from '../../node/load.ts'
import { loadModel } from '../../node/models.ts'
import { process as processOf } from '../../process/index.ts'
import { type Device, onnxruntimeNode } from '../../runtime/onnxruntime-node.ts'
import { bits } from '../../sampling/index.ts'
import { schedule } from '../../schedule/index.ts'
import { interruption, progressBar } from '../progress.ts'
import { given } from '../usage.ts'

export interface BitsFlags {
  readonly model?: string
  readonly reference?: string
  readonly count: number
  readonly draws: number
  readonly binarise?: number
  readonly seed: number
  readonly device: Device
  readonly json: boolean
}

/** A bound on the bits of the real images, by a model that is told no class. */
interface Report {
  readonly images: number
  /** Numbers of an image, C·H·W. */
  readonly dimensions: number
  /** Bits per dimension, with their standard error; and what of them the limit law has. */
  readonly bits: number
  readonly error: number
  readonly prior: number
  readonly nats: number
  /** Masses of an image that the bits are given. */
  readonly conserved: number
  /** Whether the bound is that of units with names. */
  readonly named: boolean
}

export async function evaluateBits(flags: BitsFlags): Promise<void> {
  const { description, bytes } = loadModel(given('evaluate', '--model', flags.model))
  const path = given('evaluate', '--reference', flags.reference)
  const read = imagesAt(path, { split: 'test' })
  const set = flags.binarise === undefined ? read : binarised(read, flags.binarise)
  const { shape } = description.task
  const wanted = `images of ${shape.join('×')}, as the model's`
  demand(set.shape.join() === shape.join(), 'evaluate', 'the reference', wanted, set.shape)
  const law = processOf(description.process)
  const size = shape.reduce((product, length) => product * length, 1)
  const count = Math.min(flags.count, set.count)
  const images = new Int32Array(count * size)
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * set.count) / count) * size
    images.set(set.counts.subarray(from, from + size), i * size)
  }
  const program = await onnxruntimeNode(flags.device).compile(bytes)
  const bar = progressBar('bits', { total: count * flags.draws, quiet: flags.json })
  const { signal, release } = interruption()
  try {
    const found = await bits({
      process: law,
      origin: originFunction(program, description),
      images,
      draws: flags.draws,
      schedule: schedule(description.schedule),
      seed: flags.seed,
      batch: description.tile,
      signal,
      onProgress: ({ calls, expectedCalls }) =>
        bar.update(Math.floor((calls / expectedCalls) * count * flags.draws)),
    })
    const { bits: mean, error, prior } = found
    const nats = mean * size * Math.LN2
    const { conserved, motion } = law
    const report = {
      images: count,
      dimensions: size,
      bits: mean,
      error,
      prior,
      nats,
      conserved,
      named: motion > 0,
    }
    bar.stop()
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${text(report)}\n`)
  } finally {
    bar.stop()
    release()
    await program.release()
  }
}

function text({ images, dimensions, bits: mean, error, prior, nats, conserved, named }: Report): string {
  const told = conserved > 0 ? 'given its masses, ' : ''
  return [
    `images      ${images} real images of ${dimensions} counts`,
    `bits        at most ${mean.toFixed(4)} ± ${error.toFixed(4)} per count, ${told}of which the limit law has ${prior.toFixed(4)}`,
    `nats        at most ${nats.toFixed(2)} for an image`,
    ...(named
      ? [
          'note        the bound is that of units with names, far above that of counts where many units share a site',
        ]
      : []),
  ].join('\n')
}
