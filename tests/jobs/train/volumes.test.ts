// Crops of volumes: what cannot be trained on is refused before anything is built, with what to do.
import { describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { writeNpy } from '../../../src/formats/npy.ts'
import { writeVti } from '../../../src/formats/volumes/vti-writer.ts'
import { checked } from '../../../src/jobs/schema.ts'
import { trainSchema } from '../../../src/jobs/train/fields.ts'
import { train } from '../../../src/jobs/train/train.ts'
import { onnxruntimeNode } from '../../../src/runtime/onnxruntime-node.ts'

const shape = [10, 12, 12]
const rng = random(1)
const data = Uint8Array.from({ length: 10 * 12 * 12 }, () => Number(rng.uniform() < 0.8))
const held: Record<string, Uint8Array> = {
  'scan.npy': writeNpy({ data, shape }),
  'flat.vti': writeVti({ data, shape }, { spacing: [1, 1, 4] }),
}

const trained = (told: Record<string, unknown>, memory?: number) =>
  train(
    checked('train', trainSchema, {
      data: 'scan.npy',
      holdOut: 0,
      steps: 1,
      base: 4,
      multipliers: '1,2',
      blocks: '1,1',
      attention: 'none',
      ...told,
    }),
    {
      runtime: onnxruntimeNode(),
      files: { below: () => undefined, read: path => held[path], model: () => expect.unreachable() },
      threads: 1,
      memory,
    },
  )

describe('training on volumes', { timeout: 60_000 }, () => {
  it.each([
    [{ crop: '12x12x12' }, 'the crop must be at most as large as'],
    [{ crop: '8x8x8', data: 'flat.vti' }, 'its voxels must be cubic'],
  ])('refuses %o', async (told, words) => {
    await expect(trained(told)).rejects.toThrow(words)
  })

  it('says which batch fits where a step takes more memory than there is', async () => {
    const told = { crop: '8x8x8', batch: 64 }
    await expect(trained(told, 3.6e8)).rejects.toThrow(
      /^Cannot train: the batch must be small enough for 343 MiB of memory: --batch \d+ --accumulate \d+, got "64, which takes about \d+ MiB"$/,
    )
    await expect(trained(told, 3e8)).rejects.toThrow('one image alone does not fit into 286 MiB')
  })

  it('takes voxels that are no cubes without turns, and draws as many pores as it is asked for', async () => {
    const { description } = await trained(
      { crop: '8x8x8', data: 'flat.vti', turns: false, batch: 2 },
      2 ** 33,
    )
    expect(description.task.shape).toEqual([1, 8, 8, 8])
    expect(description.data.material?.spacing).toEqual([4, 1, 1])
  })
})
