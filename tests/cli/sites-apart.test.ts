// Units on sites without neighbours, and states that are no numbers, by the command line: trained, told, sampled.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import type { NdArray } from '../../src/formats/array.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { complaint, good, saltus, temporary, total, write } from './saltus.ts'

const folder = temporary()
const words = (text: string) => text.split(' ')
const network = '--base 32 --multipliers 1 --blocks 2 --attention none --embedding 16 --batch 16'
const course = '--warmup 10 --average 0.95 --learning-rate 5e-3 --seed 1 --threads 1 --quiet'
const samplesIn = (name: string) =>
  readNpz(new Uint8Array(readFileSync(join(folder, name))), name).samples as NdArray

// A mixture of two of six components, 1 and 2 or 4 and 5, as a number says; as much of the first as another number says.
const [count, sites, units] = [96, 6, 100]
// Words of six letters: abcabc or bbaacc turned round, as the text says.
const [length, lines] = [
  6,
  [
    [0, 1, 2, 0, 1, 2],
    [1, 1, 0, 0, 2, 2],
  ],
] // prettier-ignore

beforeAll(() => {
  const rng = random(1)
  const share = Float32Array.from({ length: count }, () => rng.uniform())
  const data = new Uint8Array(count * sites)
  share.forEach((of, i) => {
    const first = Math.round(units * of)
    data[i * sites + 1 + 3 * (i % 2)] = first
    data[i * sites + 2 + 3 * (i % 2)] = units - first
  })
  const mixture = { data: Float32Array.from({ length: count }, (_, i) => i % 2), shape: [count] }
  const samples = { data, shape: [count, 1, 1, sites] }
  write(folder, 'mixtures.npz', writeNpz({ samples, mixture, share: { data: share, shape: [count] } }))
  const states = Uint8Array.from({ length: count * length }, (_, x) => {
    const i = Math.floor(x / length)
    return lines[i % 2][(x + (i >> 1)) % length]
  })
  const word = Array.from({ length: count }, (_, i) => ['up', 'down'][i % 2])
  write(folder, 'words.npz', writeNpz({ samples: { data: states, shape: [count, 1, 1, length] }, word }))
  write(folder, 'square.npz', writeNpz({ samples: { data: new Uint8Array(8).fill(1), shape: [2, 2, 2] } }))
})

describe('saltus train --process complete', { timeout: 240_000 }, () => {
  it('learns mixtures as they are told: every one has all its units, on the right components, in about the right shares', async () => {
    await good(
      words(
        `train --data mixtures.npz --process complete --tell mixture,share ${network} --steps 500 ${course} -o mixing`,
      ),
      folder,
    )
    const asked = 24
    const lists = {
      mixture: { data: Float32Array.from({ length: asked }, (_, i) => i % 2), shape: [asked] },
      share: { data: Float32Array.from({ length: asked }, (_, i) => (i + 0.5) / asked), shape: [asked] },
    }
    write(folder, 'asked.npz', writeNpz(lists))
    await good(
      words(`sample -m mixing/model.onnx --tell asked.npz -n ${asked} --mass ${units} -o mixed.npz`),
      folder,
    )
    const { data, shape } = samplesIn('mixed.npz')
    expect(shape).toEqual([asked, 1, 1, sites])
    let [right, off] = [0, 0]
    for (let i = 0; i < asked; i++) {
      const own = data.slice(i * sites, (i + 1) * sites)
      expect(total(own)).toBe(units)
      const [a, b] = [1, 2].map(k => own[k + 3 * (i % 2)])
      right += (a + b) / units / asked
      off += Math.abs(a / units - lists.share.data[i]) / asked
    }
    // Spread evenly, a third of the units would be right; with shares drawn at random the mean distance would be a third.
    expect(right).toBeGreaterThan(0.9)
    expect(off).toBeLessThan(0.1)
  })

  it('refuses images whose sites are a plane, and says what it wants', async () => {
    const { status, stderr } = await saltus(
      words(`train --data square.npz --process complete ${network} --steps 2 ${course} -o square`),
      folder,
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain('--process must be another than complete, or counts [N, C, 1, sites], got "2×2"')
  })
})

describe('saltus train --process chain', { timeout: 240_000 }, () => {
  it.each([
    ['letters.npz', [20, 1, 1, 4], 63, '--process must be another than chain for counts above 62, got 63'],
    ['flat.npz', [20, 4], 3, 'the images must be [N, H, W] or [N, C, H, W], two at least, got 1'],
  ])('refuses what it cannot take: %s', async (name, shape, state, wanted) => {
    const data = new Uint8Array(80)
    data[7] = state
    write(folder, name, writeNpz({ samples: { data, shape } }))
    const { stderr } = await saltus(
      words(`train --data ${name} --process chain ${network} --steps 2 ${course} -o refused`),
      folder,
    )
    expect(stderr).toMatch(complaint)
    expect(stderr).toContain(wanted)
  })

  it('learns lines of states as they are told, each of which is one of the data', async () => {
    await good(
      words(`train --data words.npz --process chain --tell word ${network} --steps 500 ${course} -o lines`),
      folder,
    )
    const known = (word: number) =>
      new Set(lines[word].map((_, k) => lines[word].map((__, x) => lines[word][(x + k) % length]).join('')))
    for (const [word, text] of ['up', 'down'].entries()) {
      await good(words(`sample -m lines/model.onnx --tell word=${text} -n 24 -o ${text}.npz`), folder)
      const { data } = samplesIn(`${text}.npz`)
      const drawn = Array.from({ length: 24 }, (_, i) => data.slice(i * length, (i + 1) * length).join(''))
      // Of 3^6 lines three, or six, are right.
      expect(drawn.filter(line => known(word).has(line)).length).toBeGreaterThan(18)
      expect(new Set(drawn).size).toBeGreaterThan(1)
    }
  })

  it('completes lines beside the letters that are known, which stay', async () => {
    // b is the second and the third letter: of the nine lines one alone has them there, cbbaac.
    const known = { data: Uint8Array.from([0, 1, 1, 0, 0, 0]), shape: [1, 1, 1, length] }
    write(folder, 'known.npz', writeNpz({ samples: known }))
    write(folder, 'open.npy', writeNpy({ data: Uint8Array.from([1, 0, 0, 1, 1, 1]), shape: [1, 1, length] }))
    const asked = 'inpaint -m lines/model.onnx --input known.npz --mask open.npy -n 24'
    const { stdout: said } = await good(words(`${asked} -o beside.npz`), folder)
    expect(said).toContain('hole of 4 sites: known states as they were: equal')
    const { data, shape } = samplesIn('beside.npz')
    expect(shape).toEqual([24, 1, 1, length])
    let right = 0
    for (let i = 0; i < 24; i++) {
      const line = [...data.slice(i * length, (i + 1) * length)].map(Number)
      expect(line.slice(1, 3)).toEqual([1, 1])
      right += line.join('') === '211002' ? 1 : 0
    }
    expect(right).toBeGreaterThan(18)
    for (const [words1, wanted] of [
      ['--mass 3', '--mass must be left out with a model of states'],
      ['--class 1', '--class must be left out with a model of states'],
    ]) {
      const { status, stderr } = await saltus(words(`${asked} ${words1} -o no.npz`), folder)
      expect(status).toBe(2)
      expect(stderr).toMatch(complaint)
      expect(stderr).toContain(wanted)
    }
    await good(words(`${asked} --temperature 0.5 -o cool.npz`), folder)
    expect(samplesIn('cool.npz').shape).toEqual([24, 1, 1, length])
    const warm = 'sample -m mixing/model.onnx --temperature 0.5 -n 1 --mass 9 -o no.npz'
    expect((await saltus(words(warm), folder)).stderr).toContain(
      '--temperature must be left out but with a model of states, got 0.5',
    )
    write(
      folder,
      'foreign.npz',
      writeNpz({ samples: { ...known, data: Uint8Array.from([0, 3, 1, 0, 0, 0]) } }),
    )
    const { stderr } = await saltus(words(`${asked.replace('known', 'foreign')} -o no.npz`), folder)
    expect(stderr).toContain('every known state must be in 0 … 2, got 3')
  })
})
