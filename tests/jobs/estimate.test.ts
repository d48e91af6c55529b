import { describe, expect, it } from 'vitest'
import { estimate } from '../../src/jobs/train/estimate.ts'

/** What is said of steps that take so many seconds each. */
function said(seconds: number, options: { steps: number; base?: number; from?: number }) {
  const { steps, base = 16, from = 0 } = options
  let now = 100
  const ask = estimate({ steps, batch: 16, accumulate: 2, base }, () => now)
  const words: string[] = []
  for (let step = from + 1; step <= from + 40; step++) {
    // The first two are slow.
    now += step <= from + 2 ? 50 : seconds
    const word = ask(step)
    if (word) words.push(word)
  }
  return words
}

describe('estimate()', () => {
  it('tells once, from steps that are under way, what all of them will take', () => {
    expect(said(1, { steps: 1809 })).toEqual(['1809 steps of 32 images will take about 30 min (32 images/s)'])
    expect(said(0.5, { steps: 10_000, from: 5000 })).toEqual([
      '10000 steps of 32 images will take about 42 min (64 images/s)',
    ])
  })

  it('says what takes less where that is long', () => {
    expect(said(2, { steps: 20_009, base: 32 })).toEqual([
      '20009 steps of 32 images will take about 11.1 h (16 images/s): a network of --base 16 needs about a third of that; --steps 1800 would take an hour',
    ])
    expect(said(20, { steps: 20_009 })[0]).toContain('about 4.6 days (1.6 images/s): --steps 100 would')
  })

  it('says nothing of runs that end before', () => {
    expect(estimate({ steps: 3, batch: 1, accumulate: 1, base: 8 })(3)).toBeUndefined()
  })
})
