// What is told of the time left.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { duration, progressBar } from '../../src/cli/progress.ts'

/** The lines of a bar that nobody watches, after updates at the given seconds. */
function told(
  options: { total: number; from?: number },
  updates: readonly [seconds: number, done: number][],
) {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.useFakeTimers()
  const bar = progressBar('work', options)
  let now = 0
  for (const [seconds, done] of updates) {
    vi.advanceTimersByTime(1000 * (seconds - now))
    now = seconds
    // Whoever sets the clock of the machine changes nothing.
    vi.setSystemTime(Date.now() - 3_600_000)
    bar.update(done, 'fine')
  }
  return written.mock.calls.map(([line]) => line)
}

// Under a terminal the bar draws itself; the words are the same.
describe.skipIf(process.stderr.isTTY)('progressBar()', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('tells the time left at the speed so far, every ten seconds', () => {
    const updates: [number, number][] = [
      [1, 1],
      [10, 20],
      [19, 30],
      [40, 40],
    ]
    const lines = ['work 20/100 · 40s left · fine\n', 'work 40/100 · 1m00s left · fine\n']
    expect(told({ total: 100 }, updates)).toEqual(lines)
  })

  it('does not take what was done before for speed', () => {
    expect(told({ total: 100, from: 80 }, [[10, 85]])).toEqual(['work 85/100 · 30s left · fine\n'])
    expect(told({ total: 100, from: 80 }, [[10, 80]])).toContain('work 80/100 · … left · fine\n')
  })
})

describe('duration()', () => {
  it.each([
    [11.6, '12s'],
    [185, '3m05s'],
    [3725, '1h02m'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words)
  })
})
