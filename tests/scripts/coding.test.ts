// Fields of real numbers as counts and back, pairs of them as files, and the judges of samples.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open, train } from 'saltus/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blurred, counted, swapped, valued, withoutSlack, withSlack } from '../../scripts/fields/coding.ts'
import { prepareFilms } from '../../scripts/fields/films.ts'
import { heldMaps, learned, type MapsOptions, prepareMaps, sumOf } from '../../scripts/fields/maps.ts'
import { covered, covering, placeOf } from '../../scripts/fields/ranks.ts'
import { regressed } from '../../scripts/fields/regression.ts'
import { random } from '../../src/base/random.ts'
import { writeNpz } from '../../src/formats/npz.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saltus-fields-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('a field as counts', () => {
  const rng = random(3)
  const field = Float64Array.from({ length: 64 }, () => 2 * rng.uniform() - 1)

  it('comes back to half a unit, and counts come back exactly', () => {
    for (const coding of [
      { grain: 1000, offset: 1 },
      { grain: 7.5, offset: 1.25 },
    ]) {
      const counts = counted(field, coding)
      valued(counts, coding).forEach((value, x) => {
        expect(Math.abs(value - field[x])).toBeLessThanOrEqual(0.5 / coding.grain + 1e-12)
      })
      expect(counted(valued(counts, coding), coding)).toEqual(counts)
    }
  })

  it('has exactly the sum asked for, each count within a unit of its even share of it', () => {
    const coding = { grain: 1000, offset: 1 }
    const plain = sumOf(counted(field, coding))
    for (const sum of [plain, plain + 31, plain - 500]) {
      const counts = counted(field, coding, sum)
      expect(sumOf(counts)).toBe(sum)
      const beyond = (1000 * (sumOf(field) + 64) - sum) / 64
      counts.forEach((n, x) => {
        expect(Math.abs(n - (1000 * (field[x] + 1) - beyond))).toBeLessThan(1)
      })
    }
  })

  it('is refused where a value is no number or too low, by its place', () => {
    expect(() => counted([0.1, Number.NaN], { grain: 10, offset: 0 })).toThrow(
      'Cannot make counts of a field: value 1 must be a finite number, got NaN',
    )
    expect(() => counted([0, Infinity], { grain: 10, offset: 0 })).toThrow(/value 1 must be a finite number/)
    expect(() => counted([0.1, -0.2], { grain: 10, offset: 0.1 })).toThrow(
      'Cannot make counts of a field: value 1 must be at least -0.1 (--offset), got -0.2',
    )
    // Half a unit too low is rounding.
    expect(Array.from(counted([-0.04], { grain: 10, offset: 0 }), Math.abs)).toEqual([0])
  })

  it('has the same total with its slack, whatever it holds, and is what it was without it', () => {
    const coding = { rows: 2, total: 1000 }
    for (const counts of [new Int32Array(12), Int32Array.from({ length: 12 }, (_, x) => 3 * x)]) {
      const all = withSlack(counts, coding, 4)
      expect(all.length).toBe(20)
      expect(sumOf(all)).toBe(1000)
      const slack = all.subarray(12)
      expect(Math.max(...slack) - Math.min(...slack)).toBeLessThanOrEqual(1)
      expect(withoutSlack(all, coding, 4)).toEqual(counts)
    }
    expect(() => withSlack([1001, 0, 0, 0], coding, 4)).toThrow(
      'Cannot make counts of a field: its units must be at most 1000 (--slack), got 1001',
    )
    expect(withSlack([5, 6], { rows: 0, total: 0 }, 2)).toEqual(Int32Array.of(5, 6))
  })

  it('is blurred by means over blocks, which keep its sum, and mirrored twice is itself', () => {
    const four = Float64Array.from({ length: 16 }, (_, x) => x)
    expect(Array.from(blurred(four, { side: 4, block: 2 }).slice(0, 8))).toEqual([
      2.5, 2.5, 4.5, 4.5, 2.5, 2.5, 4.5, 4.5,
    ])
    expect(blurred(four, { side: 4, block: 1 })).toEqual(four)
    expect(() => blurred(four, { side: 4, block: 3 })).toThrow('the block must be a divisor of 4, got 3')
    expect(Array.from(swapped(four, 4).slice(0, 4))).toEqual([0, 4, 8, 12])
    expect(swapped(swapped(four, 4), 4)).toEqual(four)
  })
})

describe('pairs of fields', () => {
  const usual: MapsOptions = {
    ...{ grain: 100, offset: 0, rows: 0, total: 0, heldOut: 2, least: -Infinity },
    ...{ noise: 0, block: 1, copies: 1, mirrored: false, seed: 1 },
  }
  const numbers = (shape: readonly number[], value: (k: number) => number) => ({
    shape: [...shape],
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => value(k)),
  })
  const put = (x: ReturnType<typeof numbers>, y: ReturnType<typeof numbers>) => {
    const path = join(folder, 'pairs.npz')
    writeFileSync(path, writeNpz({ x, y }))
    return path
  }

  it('of lines: every later line has exactly the sum of the first, whatever the data have lost of it', () => {
    const first = numbers([5, 8], k => Math.sin(k))
    const y = numbers([5, 3, 8], k => {
      const [i, t, x] = [Math.floor(k / 24), Math.floor(k / 8) % 3, k % 8]
      return first.data[8 * i + x] * (1 - 0.2 * t)
    })
    const to = join(folder, 'lines')
    const said = prepareMaps(put(first, y), to, { ...usual, grain: 1000, offset: 1 })
    expect(said).toMatch(/^3 of 2×1×8 to learn from, 2 held out, at most \d+ units each$/)
    const { given, counts } = learned(to)
    for (const [i, own] of counts.entries()) {
      const sum = Math.round(1000 * (sumOf(first.data.subarray(8 * i, 8 * i + 8)) + 8))
      for (const line of [own.subarray(0, 8), own.subarray(8)]) expect(sumOf(line)).toBe(sum)
      expect(Array.from(given[i])).toEqual(Array.from(first.data.subarray(8 * i, 8 * i + 8)))
    }
    expect(heldMaps(to, 9).fields.length).toBe(2)
  })

  it('of squares: with slack all have one total, every other copy is mirrored with what is told of it', () => {
    const x = numbers([4, 4, 4], k => k % 7)
    const y = numbers([4, 4, 4], k => ((k % 5) - 1) / 10)
    const to = join(folder, 'squares')
    const options = { ...usual, copies: 2, mirrored: true, rows: 1, total: 2000, least: 0 }
    expect(prepareMaps(put(x, y), to, options)).toMatch(/; 13 values raised to 0$/)
    const { given, counts } = learned(to)
    expect(counts.map(sumOf)).toEqual([2000, 2000, 2000, 2000])
    expect(given[2].slice(0, 16)).toEqual(swapped(given[0].slice(0, 16), 4))
    expect(counts[2].slice(0, 16)).toEqual(swapped(counts[0].slice(0, 16), 4))
    expect(Array.from(given[0].slice(16))).toEqual([-1, -1, -1, -1])
    const { fields, coding } = heldMaps(to, 1)
    expect(coding).toEqual({ grain: 100, offset: 0, rows: 1, total: 2000 })
    expect(fields[0].every((value, k) => Math.abs(value - Math.max(0, y.data[32 + k])) < 1e-7)).toBe(true)
  })

  it('noise is in what is told alone, another in every copy, the same for the same seed', () => {
    const [x, y] = [numbers([30, 8], () => 0.5), numbers([30, 2, 8], () => 0.5)]
    const to = join(folder, 'noisy')
    const options = { ...usual, offset: 1, noise: 0.1, copies: 20 }
    prepareMaps(put(x, y), to, options)
    const { given, counts } = learned(to)
    expect(new Set(counts.flatMap(of => Array.from(of)))).toEqual(new Set([150]))
    const off = given.flatMap(row => Array.from(row, value => value - 0.5))
    // 4,480 normal numbers: their standard deviation is within 5.3 of its own errors.
    expect(Math.abs(Math.hypot(...off) / Math.sqrt(off.length) / 0.1 - 1)).toBeLessThan(0.056)
    expect(given[0]).not.toEqual(given[28])
    const before = readFileSync(join(to, 'train.npz'))
    prepareMaps(put(x, y), to, options)
    expect(readFileSync(join(to, 'train.npz')).equals(before)).toBe(true)
  })

  it('are refused where they cannot be pairs, with what is wrong', () => {
    const [x, y] = [numbers([4, 4, 4], () => 1), numbers([4, 4, 4], () => 1)]
    const refused = (path: string, options = usual) =>
      expect(() => prepareMaps(path, join(folder, 'none'), options))
    refused(
      put(
        x,
        numbers([4, 4, 5], () => 1),
      ),
    ).toThrow(
      'Cannot prepare pairs of fields: the shapes of x and y must be [N, L] and [N, T, L], or both [N, H, W], got "4×4×4 and 4×4×5"',
    )
    refused(
      put(
        numbers([4, 4], () => 1),
        numbers([3, 2, 4], () => 1),
      ),
    ).toThrow(/the shapes of x and y/)
    refused(
      put(
        numbers([4, 4, 4], k => (k === 5 ? Number.NaN : 1)),
        y,
      ),
    ).toThrow('x[5] must be a finite number, got NaN')
    refused(
      put(
        x,
        numbers([4, 4, 4], k => (k === 3 ? Number.NaN : 1)),
      ),
    ).toThrow('value 3 must be a finite number, got NaN')
    refused(
      put(
        x,
        numbers([4, 4, 4], () => -1),
      ),
    ).toThrow(/at least 0 \(--offset\), got -1/)
    refused(put(x, y), { ...usual, rows: 1, total: 100 }).toThrow(/at most 100 \(--slack\), got 1600/)
    refused(put(x, y), { ...usual, heldOut: 4 }).toThrow('the pairs held out must be fewer than all 4, got 4')
    refused(put(x, y), { ...usual, block: 3 }).toThrow('the block must be a divisor of 4, got 3')
    const path = join(folder, 'other.npz')
    writeFileSync(path, writeNpz({ z: x }))
    refused(path).toThrow(/must be x and y of numbers, got "z"/)
  })

  it('films are refused where they are none, or not as many are known', () => {
    const told = join(folder, 'told.json')
    const one = { c: [0.1, 0], D: 1e-3, caption: 'one blob drifting east with weak diffusion' }
    writeFileSync(told, JSON.stringify([one, one, one]))
    const options = { folder: join(folder, 'films'), heldOut: 1, grain: 1, block: 1, every: 1 }
    const refused = (u: ReturnType<typeof numbers>, more = {}) => {
      const path = join(folder, 'u.npz')
      writeFileSync(path, writeNpz({ u }))
      const all = { ...options, copies: 1, anew: false, seed: 1, ...more }
      return expect(() => prepareFilms(path, told, all))
    }
    refused(numbers([3, 2, 4, 5], () => 1)).toThrow(
      'Cannot prepare films: the shape of u must be [N, F, H, H], got [3, 2, 4, 5]',
    )
    refused(numbers([2, 2, 4, 4], () => 1)).toThrow('what is known must be told of each of 2 films, got 3')
    refused(numbers([3, 2, 4, 4], k => (k === 9 ? Number.NaN : 1))).toThrow(
      'u[9] must be a finite number >= 0, got NaN',
    )
    refused(
      numbers([3, 2, 4, 4], () => 1),
      { block: 3 },
    ).toThrow('--block must be a divisor of 4, got 3')
  })
})

describe('films told by their caption', () => {
  it('are drawn whatever words it has, with exactly the mass of every frame; unknown ones are named', async () => {
    const told = join(folder, 'told.json')
    const path = join(folder, 'u.npz')
    const to = join(folder, 'whole')
    const one = { c: [0.25, 0], D: 1e-3, caption: 'one blob drifting east with weak diffusion' }
    writeFileSync(told, JSON.stringify(Array.from({ length: 6 }, () => one)))
    const data = Uint8Array.from({ length: 6 * 3 * 64 }, (_, k) => (k % 64 < 8 ? 9 : 0))
    writeFileSync(path, writeNpz({ u: { data, shape: [6, 3, 8, 8] } }))
    const options = { folder: to, heldOut: 1, grain: 2, block: 2, every: 1, copies: 4, seed: 1 }
    prepareFilms(path, told, { ...options, anew: true })
    const { model } = await train(undefined, {
      ...{ data: join(to, 'films.npz'), tell: ['first', 'caption'], boundary: 'periodic', rate: 3 },
      ...{ base: 8, multipliers: [1], blocks: [1], attention: 'none', embedding: 8, steps: 2, batch: 4 },
    })
    const film = await open(model)
    const said: string[] = []
    const draw = (tell: string) =>
      film.generate({ tell, mass: [288], count: 2, calls: 2, say: words => said.push(words) })
    const { masses } = await draw('caption=one purple blob drifting east, slowly')
    expect(masses).toEqual([
      [144, 144],
      [144, 144],
    ])
    expect(said.join()).toContain(
      'Warning: the model does not know the words purple, slowly of caption: they are passed over',
    )
    const asked = join(folder, 'asked.npz')
    const first = (shape: number[], value: number) => {
      const size = shape.reduce((a, b) => a * b)
      writeFileSync(asked, writeNpz({ first: { data: new Float32Array(size).fill(value), shape } }))
      return expect(draw(asked))
    }
    await first([2, 2, 4, 5], 0.5).rejects.toThrow(/^Cannot tell first: it must be 32 values, got 40/)
    await first([2, 2, 4, 4], Number.NaN).rejects.toThrow(
      /^Cannot tell first: it must be of finite numbers, got NaN/,
    )
  })
})

describe('judges of samples', () => {
  it('`placeOf()` counts what is less, and draws lots among equals', () => {
    const rng = random(1)
    expect(placeOf([1, 2, 3, 4], 2.5, rng)).toBe(2)
    expect(placeOf([1, 2, 3, 4], 0, rng)).toBe(0)
    expect(placeOf([1, 2, 3, 4], 9, rng)).toBe(4)
    const seen = new Set(Array.from({ length: 200 }, () => placeOf([0, 5, 5, 9], 5, rng)))
    // Each of 1, 2, 3 a third of the time.
    expect([...seen].sort()).toEqual([1, 2, 3])
  })

  it('samples of the law itself are covered as often as they should be, narrow ones less, wide ones more', () => {
    const each = 8
    const share = (wide: number, k: number) => {
      const rng = random(5)
      const places = Array.from({ length: 20_000 }, () => {
        const truth = rng.uniform() - 0.5
        const own = Array.from({ length: each }, () => wide * (rng.uniform() - 0.5))
        return placeOf(own, truth, rng)
      })
      return covered(places, { each, k })
    }
    expect(covering({ each, k: 1 })).toBeCloseTo(7 / 9, 12)
    expect(covering({ each, k: 2 })).toBeCloseTo(5 / 9, 12)
    // Five standard errors of 20,000.
    for (const k of [1, 2])
      expect(Math.abs(share(1, k) - covering({ each, k }))).toBeLessThan((5 * 0.5) / Math.sqrt(20_000))
    expect(share(0.5, 1)).toBeLessThan(0.5)
    expect(share(2, 1)).toBeGreaterThan(0.9)
  })

  it('`regressed()` learns a map of fields by the network of a model, and tells it of others', async () => {
    const rng = random(2)
    const fields = Array.from({ length: 40 }, () => {
      const phase = 2 * Math.PI * rng.uniform()
      return Float64Array.from({ length: 8 }, (_, x) => Math.cos((Math.PI * x) / 4 + phase))
    })
    // Two sites on, and another size and level.
    const wanted = fields.map(of => of.map((_, x) => 3 * of[(x + 6) % 8] + 10))
    const { tell, parameters } = await regressed({
      task: {
        ...{ shape: [1, 1, 8], width: 1, periodic: [true, true], times: [0.9, 1], scale: 1, classes: 0 },
        told: [{ kind: 'image', name: 'given', channels: 1, scale: 1 }],
      },
      network: { base: 8, multipliers: [1, 1], blocks: [1, 1], attention: [false, false], embedding: 8 },
      ...{ given: fields.slice(0, 32), fields: wanted.slice(0, 32) },
      ...{ steps: 120, batch: 8, rate: 1e-2, warmup: 10, average: 0.9, seed: 1 },
    })
    expect(parameters).toBeGreaterThan(1000)
    const found = await tell(fields.slice(32))
    let [error, size] = [0, 0]
    found.forEach((of, i) => {
      of.forEach((value, x) => {
        error += (value - wanted[32 + i][x]) ** 2
        size += (wanted[32 + i][x] - 10) ** 2
      })
    })
    expect(Math.sqrt(error / size)).toBeLessThan(0.2)
  })
})
