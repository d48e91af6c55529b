// Ancestral steps: their law, their last step, their noise.
import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { lattice, noFlux, periodic } from '../../src/lattice/index.ts'
import { type JumpProcess, spatial } from '../../src/process/index.ts'
import { ancestral, grid, type Image, mixture, sample } from '../../src/sampling/index.ts'
import type { FewUnits } from '../../src/sampling/study/enumerable.ts'
import { steppedLaw } from '../../src/sampling/study/stepped.ts'
import { chainSubject, walkSubject } from '../../src/sampling/study/subject.ts'
import { finish } from '../../src/structure/work.ts'
import { distance } from './laws.ts'
import { solverConformance } from './solver.conformance.ts'

const options = { calls: 6, smallest: 0.1 }
const timesOf = (process: JumpProcess) =>
  Array.from({ length: options.calls + 1 }, (_, k) => grid(options).time(process, k))

solverConformance('ancestral()', {
  exact: ancestral({ ...options, settle: false }),
  law: (few: FewUnits, process) =>
    finish(steppedLaw(walkSubject(few), { order: 1, times: timesOf(process) })),
  samples: 12_000,
  quick: ancestral({ calls: 4 }),
})

describe('ancestral()', () => {
  it('comes to the law of the data by first order where the rates from the origin are exact', () => {
    const chain = chainSubject({ sites: 2, states: 3, rate: 3, weight: i => 1 + ((i * i * 3) % 7) })
    const [far, near] = [16, 64].map(calls => {
      const times = Array.from({ length: calls + 1 }, (_, k) => 0.05 ** (k / calls))
      return distance(finish(steppedLaw(chain, { order: 1, times })), chain.at(0.05))
    })
    expect(far).toBeLessThan(0.01)
    expect(Math.log(far / near) / Math.log(4)).toBeGreaterThan(0.95)
    expect(Math.log(far / near) / Math.log(4)).toBeLessThan(1.05)
  })

  it.each([0, 0.5, 1, 2])('draws a known image at noise %s, its units settled exactly', async noise => {
    const place = lattice([8], periodic)
    const process = spatial({ lattice: place })
    const image = [0, 3, 9, 30, 18, 0, 0, 0]
    const { origin } = mixture({ lattice: place, rate: process.rate, images: [image] })
    const run = { process, origin, masses: [[60], [120]], seed: 1, batch: 2 }
    const { counts, calls } = await sample({ ...run, solver: ancestral({ calls: 5, noise }) })
    expect([...counts]).toEqual([...image, ...image.map(n => 2 * n)])
    expect(calls).toBe(5)
    const drawn = await sample({ ...run, solver: ancestral({ calls: 5, noise, settle: false }) })
    expect(drawn.counts.filter((n, x) => image[x % 8] === 0 && n > 0)).toHaveLength(0)
  })

  it('asks the process to settle in the last step alone, and only where it can', () => {
    const place = lattice([4], noFlux)
    const log: string[] = []
    const walk = spatial({ lattice: place })
    const process: JumpProcess = {
      ...walk,
      undo: (counts, origin, step) => {
        log.push(step.to === 0 ? 'undo to 0' : 'undo')
        walk.undo(counts, origin, step)
      },
      settle: (counts, origin) => {
        log.push('settle')
        walk.settle?.(counts, origin)
      },
    }
    const go = (settle: boolean, of = process) => {
      log.length = 0
      const image: Image = {
        number: 0,
        counts: Int32Array.of(9, 1, 0, 2),
        time: 1,
        step: 0,
        random: random(1),
      }
      const solver = ancestral({ calls: 2, settle })
      while (image.time > 0) {
        image.time = solver.advance(of, image, Float32Array.of(1, 2, 3, 4))
        image.step++
      }
      return [...log]
    }
    expect(go(true)).toEqual(['undo', 'settle'])
    expect(go(false)).toEqual(['undo', 'undo to 0'])
    expect(go(true, { ...process, settle: undefined })).toEqual(['undo', 'undo to 0'])
  })

  it('refuses impossible options', () => {
    expect(() => ancestral({ noise: -1 })).toThrow(
      'Cannot build the ancestral solver: the noise must be in [0, 8], got -1',
    )
    expect(() => ancestral({ calls: 0 })).toThrow(RangeError)
  })
})
