// `saltus train --from-data` and `saltus restore` with the processes that go from an image to what was seen of it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { complaint, corners, good, saltus, temporary, total, write } from './saltus.ts'

const folder = temporary()
const { images } = corners(24)
write(folder, 'clean.npz', writeNpz({ samples: images }))
const arrays = (name: string) =>
  readNpz(new Uint8Array(readFileSync(join(folder, name))), name) as Record<string, NdArray>
const massOf = ({ data }: NdArray, i: number) => total((data as Uint8Array).subarray(64 * i, 64 * i + 64))
const training = ['--base', '4', '--multipliers', '1', '--blocks', '1', '--embedding', '8', '--threads', '1']
const small = [...training, '--batch', '4', '--steps', '6', '--quiet']

describe('what was seen and the way back', { timeout: 240_000 }, () => {
  it('is learned by two clocks, by reversion and by a shift, and undone with the mass that was measured', async () => {
    const blur = ['--operator', 'blur:1', '--photons', '40', '--seed', '5']
    await good(['simulate', '--input', 'clean.npz', ...blur, '-o', 'seen.npz', '--quiet'], folder)
    const sums = ['--operator', 'blocks:2', '--scatter', 'none']
    await good(['simulate', '--input', 'clean.npz', ...sums, '-o', 'coarse.npz', '--quiet'], folder)
    const { gain } = arrays('seen.npz')
    for (const [process, keeps] of [
      ['two-clocks', true],
      ['shift', true],
      ['mean-reverting', false],
    ] as const) {
      const data = ['--data', 'clean.npz', '--from-data', 'seen.npz']
      await good(['train', ...data, '--process', process, ...small, '-o', process], folder)
      const model = ['-m', `${process}/model.onnx`]
      const restore = ['restore', ...model, '--input', 'seen.npz', '--calls', '3', '-n', '2']
      const { stdout } = await good([...restore, '-o', 'back.npz', '-o', 'back.png'], folder)
      expect(stdout).toMatch(keeps ? /: equal/ : /this process keeps none/)
      const back = arrays('back.npz')
      expect(back.samples.shape).toEqual([48, 1, 8, 8])
      const { samples: seen } = arrays('seen.npz')
      const wanted = Array.from({ length: 48 }, (_, i) =>
        Math.round(massOf(seen, i >> 1) / Number(gain.data[i >> 1])),
      )
      const found = wanted.map((_, i) => massOf(back.samples, i))
      if (keeps) expect(found).toEqual(wanted)
      // The same bytes again, from the job in the file.
      await good(['run', 'back.npz', '-o', 'again.npz', '--quiet'], folder)
      expect(arrays('again.npz').samples.data).toEqual(back.samples.data)
      for (const [args, words] of [
        [
          ['sample', ...model, ...(keeps ? ['--mass', '200'] : []), '-o', 'no.npz'],
          /seen, towards which images go, must be told/,
        ],
        [[...restore, '--passes', '2', '-o', 'no.npz'], /--passes must be left out with this model/],
        [
          ['restore', ...model, '--input', 'coarse.npz', '-o', 'no.npz'],
          /what was measured in coarse.npz must be 1×8×8, as the model's, got "1×4×4"/,
        ],
        [['evaluate', ...model, '--bits', '--reference', 'clean.npz'], /saltus restore knows this one/],
      ] as const) {
        const { stderr } = await saltus([...args], folder)
        expect(stderr).toMatch(complaint)
        expect(stderr).toMatch(words)
      }
    }
  })

  it('begins where the image that was seen is: one that is dark on one side comes back so', async () => {
    const half = (i: number) => ({
      data: Float64Array.from({ length: 64 }, (_, x) => (x % 8 < 4 === i < 1 ? 9 : 0)),
    })
    const data = Float64Array.from([...half(0).data, ...half(1).data])
    write(
      folder,
      'halves.npz',
      writeNpz({ samples: { data, shape: [2, 8, 8] }, gain: { data: Float64Array.of(1), shape: [1] } }),
    )
    const restore = [
      'restore',
      '-m',
      'two-clocks/model.onnx',
      '--input',
      'halves.npz',
      '--calls',
      '2',
      '-n',
      '4',
    ]
    await good([...restore, '-o', 'half.npz', '--quiet'], folder)
    const { samples } = arrays('half.npz')
    for (let i = 0; i < 8; i++) {
      let left = 0
      for (let x = 0; x < 64; x++) if (x % 8 < 4) left += Number(samples.data[64 * i + x])
      expect(massOf(samples, i)).toBe(288)
      if (i < 4) expect(left).toBeGreaterThan(170)
      else expect(left).toBeLessThan(118)
    }
  })

  it('refuses in one line what does not go together', async () => {
    const train = ['train', '--data', 'clean.npz', ...small, '-o', 'no', '--process']
    write(folder, 'few.npz', writeNpz({ samples: { data: images.data.slice(0, 640), shape: [10, 8, 8] } }))
    for (const [args, words] of [
      [[...train, 'two-clocks'], /--from-data must be given with --process two-clocks/],
      [[...train, 'mean-reverting', '--from-data', 'few.npz'], /one for each of 24 images of 1×8×8/],
      [
        [...train, 'two-clocks', '--from-data', 'seen.npz', '--pairing', 'listed'],
        /--pairing must be left out/,
      ],
      [[...train, 'shift', '--from-data', 'seen.npz', '--within', '2'], /left out with --tell and --within/],
      [[...train, 'blackout', '--from-data', 'seen.npz'], /--from-data must be left out/],
    ] as const) {
      const { stderr } = await saltus([...args], folder)
      expect(stderr).toMatch(complaint)
      expect(stderr).toMatch(words)
    }
  })
})
