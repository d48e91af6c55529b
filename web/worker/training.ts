/** Trains a small model, and draws with it as it stands. */
import { demand } from '../../src/base/errors.ts'
import { type ImageSet, imageSet } from '../../src/formats/dataset.ts'
import { loadImages } from '../../src/jobs/input/images.ts'
import { checked } from '../../src/jobs/schema.ts'
import { trainSchema } from '../../src/jobs/train/fields.ts'
import { train } from '../../src/jobs/train/train.ts'
import { open, page, pageFiles } from '../../src/web.ts'
import type { Learned, Picture, State, Verbs } from '../protocol.ts'
import { assets } from './drawing.ts'
import { lookOf, stateOf, type Watch } from './held.ts'

/** The largest side of images that a page trains on. */
const largest = 32

/** A network that learns in a minute. */
const small = {
  ...{ base: 8, multipliers: '1,2', blocks: '1,1', attention: [], embedding: 32 },
  ...{ batch: 16, warmup: 20, average: 0.98, learningRate: 4e-3 },
}

/** Samples on the way: so many, of so few calls. */
const shown = { count: 8, calls: 12, seed: 0 }

async function imagesOf(from: File | Picture): Promise<ImageSet> {
  if (!(from instanceof File))
    return imageSet({ data: from.data, shape: [...from.shape] }, undefined, 'drawings')
  const files = pageFiles({ [from.name]: new Uint8Array(await from.arrayBuffer()) })
  const set = loadImages(from.name, { files })
  const [, height, width] = set.shape
  const fits = height <= largest && width <= largest
  demand(fits, 'train here', 'the images', `at most ${largest}×${largest}`, `${height}×${width}`)
  return set
}

export async function training(
  { asked, from }: Verbs['train'][0],
  { signal, onProgress, say, see }: Watch,
): Promise<Learned> {
  const images = await imagesOf(from)
  const job = checked('train', trainSchema, { ...small, steps: 300, ...asked })
  const every = Math.max(1, Math.round(job.steps! / 6))
  const { model, description } = await train(job, {
    ...page({ assets, signal, onProgress, say }),
    images,
    async onTrained({ step, loss }, encoded) {
      see({ loss: [step, loss] })
      if (step % every === 0) see({ samples: await drawnWith(encoded()) })
      // A message that asks for an end is heard between two steps.
      await new Promise(resolve => setTimeout(resolve))
    },
  })
  return { model: Uint8Array.from(model), description }
}

async function drawnWith(bytes: Uint8Array): Promise<State[]> {
  const model = await open(bytes, { name: 'own', assets })
  const { counts, shape } = await model.generate(shown)
  const size = counts.length / shape[0]
  return Array.from({ length: shape[0] }, (_, image) =>
    stateOf(counts.subarray(image * size, (image + 1) * size), { ...lookOf(model, {}), image, time: 0 }),
  )
}
