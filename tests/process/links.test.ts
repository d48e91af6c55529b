// The links: what a network says as an origin, and losses that are least where it says the truth.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deadLink } from '../../src/process/link/dead.ts'
import type { Link } from '../../src/process/link/link.ts'
import { phasesLink } from '../../src/process/link/phases.ts'
import { sitesLink } from '../../src/process/link/sites.ts'
import { spreadLink } from '../../src/process/link/spread.ts'
import { statesLink } from '../../src/process/link/states.ts'
import { survivorsLink } from '../../src/process/link/survivors.ts'
import { meanSurvivors } from '../../src/process/survivors.ts'
import { gradient, input } from '../../src/tensor/index.ts'
import { apart, compute, floats } from '../tensor/compute.ts'

interface Case {
  shape: number[]
  output: number[]
  counts: number[]
  time: number[]
  target: number[]
  weights: number[]
  loss: number
  gradient: number[]
  origin: number[]
}

const vectors: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./vectors/links.json', import.meta.url), 'utf8'),
)
const [rate, ceiling, middling] = [4, 16, 3]
const links: Record<string, Link> = {
  sites: sitesLink,
  phases: phasesLink,
  states: statesLink({ states: 3, sites: 6 }),
  dead: deadLink({ rate, ceiling }),
  survivors: survivorsLink({
    rate,
    middling,
    survivors: { sites: 6, among: time => () => meanSurvivors(middling, rate * time) },
  }),
}
const names = Object.keys(links)

/** Loss, its gradient by the output, and the origin that is said. */
async function said(link: Link, { shape, ...feeds }: Omit<Case, 'loss' | 'gradient' | 'origin'>) {
  const [n, wide, h, w] = shape
  const shapes = {
    output: shape,
    counts: [n, wide / link.width, h, w],
    time: [n],
    target: shape,
    weights: [n, 1, h, w],
  }
  const leaf = (name: keyof typeof shapes) => input(name, shapes[name])
  const [output, shown] = [leaf('output'), { counts: leaf('counts'), time: leaf('time') }]
  const loss = link.loss(output, shown, { target: leaf('target'), weights: leaf('weights') })
  const names = Object.keys(shapes) as (keyof typeof shapes)[]
  const found = await compute(
    { loss, gradient: gradient(loss, [output])[0], origin: link.origin(output, shown) },
    Object.fromEntries(names.map(name => [name, floats(shapes[name], feeds[name])])),
  )
  return { loss: found.loss.data[0], gradient: found.gradient.data, origin: found.origin.data }
}

/** What a network must give for the origin [2, C·K, 2, 3] to be said; sure things are said as surely as can be. */
function answer(name: string, { counts, time, shape }: Case, origin: readonly number[]): number[] {
  const [n, wide] = shape
  const dead = (y: number, i: number, unit: number) => {
    const scaled = y / (unit * -Math.expm1(-rate * time[Math.floor((i * n) / origin.length)]))
    return scaled > 1e-9 ? Math.log(Math.expm1(scaled)) : -40
  }
  const logit = (p: number) => Math.max(-40, Math.min(40, Math.log(p) - Math.log(1 - p)))
  return origin.map((D, i) => {
    const [image, c, x] = [Math.floor(i / (6 * wide)), Math.floor(i / 6) % wide, i % 6]
    if (name === 'sites') return Math.max(-60, Math.log(D / (1 + counts[i])))
    if (name === 'states') return Math.max(-40, Math.log(D))
    if (name === 'dead') return dead(D - counts[i], i, ceiling / 8)
    if (name === 'phases') {
      const rest = 1 - origin[image * 6 * wide + x] - origin[image * 6 * wide + 6 + x]
      return Math.max(-40, Math.log(D)) - Math.max(-18, Math.log(Math.max(0, rest)))
    }
    const at = (image * (wide / 2) + Math.floor(c / 2)) * 6 + x
    return c % 2 === 0 ? dead(D - origin[i + 6], i, middling) : counts[at] === 0 ? 0 : logit(D / counts[at])
  })
}

describe.each(names)('the link of %s', name => {
  const link = links[name]
  const one = vectors[name]

  it('has the loss, the gradient and the origin of PyTorch', async () => {
    const found = await said(link, one)
    expect(Math.abs(found.loss / one.loss - 1)).toBeLessThan(2e-6)
    expect(apart(found.gradient, one.gradient)).toBeLessThan(3e-6)
    expect(apart(found.origin, one.origin)).toBeLessThan(2e-6)
  })

  it('has no loss where the target itself is said, and says it', async () => {
    const output = answer(name, one, one.target)
    const found = await said(link, { ...one, output })
    // Of the order of one elsewhere; logits of sure sites end at 18, and single precision is left.
    expect(Math.abs(found.loss)).toBeLessThan(3e-6)
    expect(one.loss).toBeGreaterThan(0.1)
    expect(apart(found.origin, one.target)).toBeLessThan(3e-6)
  })

  it('has its least loss at the conditional mean: there the gradients of all that may be true cancel', async () => {
    // Two images of one noisy state and time, one three times as likely as the other.
    const half = <T>(list: readonly T[]) => list.slice(0, list.length / 2)
    const second = name === 'sites' ? shuffled(half(one.target)) : one.target.slice(one.target.length / 2)
    const state = { counts: half(one.counts), time: half(one.time) }
    const targets = [half(one.target), name === 'dead' ? half(one.target).map(n => n + 2) : second]
    if (name === 'survivors')
      targets[1] = targets[0].map((v, i) => (i % 12 < 6 ? targets[0][i] - targets[0][i + 6] + 1 : 0.4 * v))
    if (name === 'survivors') targets[1] = targets[1].map((v, i) => (i % 12 < 6 ? v + targets[1][i + 6] : v))
    const mean = targets[0].map((v, i) => 0.75 * v + 0.25 * targets[1][i])
    const both = {
      ...one,
      counts: [...state.counts, ...state.counts],
      time: [...state.time, ...state.time],
      target: targets.flat(),
      weights: [...new Array(6).fill(0.75), ...new Array(6).fill(0.25)],
    }
    const sum = async (output: number[]) => {
      const found = await said(link, { ...both, output })
      const n = found.gradient.length / 2
      const slopes = Array.from({ length: n }, (_, i) => found.gradient[i] + found.gradient[n + i])
      return { slope: Math.max(...slopes.map(Math.abs)), origin: found.origin, loss: found.loss }
    }
    const best = answer(name, { ...both, output: [] } as Case, [...mean, ...mean])
    const there = await sum(best)
    expect(apart(there.origin, [...mean, ...mean])).toBeLessThan(3e-6)
    expect(there.slope).toBeLessThan(2e-6)
    const aside = await sum(best.map((v, i) => v + (((i % 12) % 5) - 2) / 4))
    expect(aside.slope).toBeGreaterThan(1e-3)
    expect(aside.loss).toBeGreaterThan(there.loss)
  })
})

/** The same counts of every channel at other sites. */
const shuffled = (target: readonly number[]) =>
  target.map((_, i) => target[Math.floor(i / 6) * 6 + ((5 * (i % 6) + 2) % 6)])

/** One unit in each channel on six sites without neighbours. */
const units: Record<string, Link> = {
  spread: spreadLink({ nodes: 6, rate: 0.75 }),
  lone: spreadLink({ nodes: 6, rate: 0.75, lone: true }),
}

describe.each(Object.keys(units))('the link of one unit, %s', name => {
  const one = vectors[name]

  it('has the loss, the gradient and the origin of PyTorch, and no loss where the truth is said', async () => {
    const found = await said(units[name], one)
    expect(Math.abs(found.loss / one.loss - 1)).toBeLessThan(2e-6)
    expect(apart(found.gradient, one.gradient)).toBeLessThan(3e-6)
    expect(apart(found.origin, one.origin)).toBeLessThan(2e-6)
    const sure = await said(units[name], { ...one, output: one.target.map(n => 60 * (n - 1)) })
    expect(Math.abs(sure.loss)).toBeLessThan(3e-6)
    expect(one.loss).toBeGreaterThan(0.1)
  })
})

describe('the origins that are said', () => {
  it('have the mass of the counts in every channel, or one phase or state at every site', async () => {
    const sites = await said(sitesLink, vectors.sites)
    for (let plane = 0; plane < 4; plane++) {
      const sum = (of: ArrayLike<number>) =>
        Array.from(of)
          .slice(6 * plane, 6 * plane + 6)
          .reduce((a, b) => a + b)
      expect(sum(sites.origin) / sum(vectors.sites.counts)).toBeCloseTo(1, 5)
    }
    const states = await said(links.states, vectors.states)
    for (let at = 0; at < 4; at++)
      for (let x = 0; x < 6; x++)
        expect([0, 1, 2].reduce((sum, a) => sum + states.origin[(3 * at + a) * 6 + x], 0)).toBeCloseTo(1, 5)
    const phases = await said(phasesLink, vectors.phases)
    for (const p of phases.origin) expect(p > 0 && p < 1).toBe(true)
  })

  it('stay finite for any output, at any time, on empty images', async () => {
    for (const name of names) {
      const { shape, target } = vectors[name]
      const sizes = { counts: target.length / links[name].width }
      for (const big of [-1e4, 1e4])
        for (const t of [1e-9, 1]) {
          const found = await said(links[name], {
            shape,
            output: target.map((_, i) => (i % 2 ? big : -big)),
            counts: new Array(sizes.counts).fill(0),
            time: [t, t],
            target: target.map(() => 0),
            weights: new Array(12).fill(1),
          })
          expect(Number.isFinite(found.loss), `${name} at ${t}`).toBe(true)
          for (const list of [found.gradient, found.origin])
            expect(
              Array.from(list).every(value => Number.isFinite(value)),
              name,
            ).toBe(true)
        }
    }
  })

  it('are asked for as the processes tell: one of S states, survivors among newcomers', () => {
    const out = new Float32Array(18)
    links.states.target?.(Int32Array.of(0, 1, 2, 1, 0, 2), { noisy: new Int32Array(6), time: 0.5 }, out)
    expect([...out]).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1])
    const two = new Float32Array(12)
    const [clean, noisy] = [Int32Array.of(3, 0, 2, 1, 4, 5), Int32Array.of(2, 4, 0, 1, 3, 9)]
    links.survivors.target?.(clean, { noisy, time: 0.2 }, two)
    const among = meanSurvivors(middling, rate * 0.2)
    clean.forEach((n, x) => {
      expect(two[x]).toBe(n)
      expect(two[6 + x]).toBe(Math.fround(among(n, noisy[x])))
      expect(two[6 + x]).toBeLessThanOrEqual(Math.min(n, noisy[x]))
    })
  })
})
