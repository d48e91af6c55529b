import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { histogram, lineChart } from '../../src/formats/chart.ts'

function parsed(svg: string) {
  return parseHTML(`<html><body>${svg}</body></html>`).document.querySelector('svg')!
}

/** The texts of a chart in the order of the file. */
function texts(svg: string): string[] {
  return [...parsed(svg).querySelectorAll('text')]
    .map(text => String(text.textContent))
    .filter(text => text !== '')
}

/** The paths in one group of marks. */
function outlines(svg: string, label: string): string[] {
  const groups = [...parsed(svg).querySelectorAll('g')].filter(
    group => group.getAttribute('aria-label') === label,
  )
  return groups.flatMap(group =>
    [...group.querySelectorAll('path')].map(path => String(path.getAttribute('d'))),
  )
}

/** Their corners, in pixels. */
function corners(svg: string, label: string): number[][][] {
  return outlines(svg, label).map(outline =>
    outline.split(/(?=[ML])/).map(point => point.replace(/[MLZ]/g, '').split(',').map(Number)),
  )
}

const axes = { x: { label: 'step' }, y: { label: 'loss' } }

describe('chart', () => {
  it('`lineChart()` draws straight lines where the values are, on linear axes', async () => {
    const points = [
      [0, 1],
      [5, 2],
      [10, 3],
    ] as const
    const svg = await lineChart({ title: 'T', ...axes, series: [{ name: 'a', points }] })
    const [[first, middle, last]] = corners(svg, 'line')
    // the plot spans 64 to 696 of 720; the larger value is further up
    expect([first[0], middle[0], last[0]]).toEqual([64, 380, 696])
    expect(middle[1]).toBeCloseTo((first[1] + last[1]) / 2, 2)
    expect(last[1]).toBeLessThan(first[1])
  })

  it('`lineChart()` sets equal ratios equally far apart on logarithmic axes', async () => {
    const points = [
      [1, 1],
      [10, 100],
      [100, 10000],
    ] as const
    const log = { x: { label: 'x', log: true }, y: { label: 'y', log: true } }
    const svg = await lineChart({ title: 'T', ...log, series: [{ name: 'a', points }] })
    const [[first, middle, last]] = corners(svg, 'line')
    expect(middle[0]).toBeCloseTo((first[0] + last[0]) / 2, 2)
    expect(middle[1]).toBeCloseTo((first[1] + last[1]) / 2, 2)
    expect(texts(svg)).toEqual(expect.arrayContaining(['1', '10', '100', '10000']))
  })

  it('`lineChart()` leaves a gap where a value cannot be shown', async () => {
    const points = [
      [0, 1],
      [1, 2],
      [2, Number.NaN],
      [3, 2],
      [4, 0],
      [5, 1],
      [6, 2],
    ] as const
    const pieces = (svg: string) => corners(svg, 'line').flat().length
    const moves = (svg: string) => outlines(svg, 'line').join('').split('M').length - 1
    const linear = await lineChart({ title: 'T', ...axes, series: [{ name: 'a', points }] })
    expect([pieces(linear), moves(linear)]).toEqual([6, 2])
    const y = { label: 'loss', log: true }
    const log = await lineChart({ title: 'T', ...axes, y, series: [{ name: 'a', points }] })
    expect([pieces(log), moves(log)]).toEqual([5, 3])
    await expect(
      lineChart({ title: 'T', ...axes, y, series: [{ name: 'a', points: [[1, 0]] }] }),
    ).rejects.toThrow('Cannot draw a chart: the series must be at least one point that can be shown, got 1')
  })

  it('`lineChart()` writes title, legend and labels, and escapes them', async () => {
    const series = [
      {
        name: 'a < b',
        points: [
          [0, 1],
          [1, 2],
        ] as const,
      },
      {
        name: '"c" & d',
        points: [
          [0, 2],
          [1, 1],
        ] as const,
      },
    ]
    const band = {
      name: 'between',
      points: [
        [0, 1, 2],
        [1, 1, 3],
      ] as const,
    }
    const svg = await lineChart({ title: '<script>&', ...axes, series, band })
    expect(texts(svg).slice(0, 4)).toEqual(['<script>&', 'between', 'a < b', '"c" & d'])
    expect(texts(svg)).toEqual(expect.arrayContaining(['step', 'loss']))
    expect(svg).not.toContain('<script')
  })

  it('`lineChart()` stands alone: white, in its own size, without styles, classes or links', async () => {
    const series = [
      {
        name: 'a',
        points: [
          [0, 1],
          [1, 2],
        ] as const,
      },
    ]
    const svg = await lineChart({ title: 'T', ...axes, series, width: 500, height: 300 })
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="500" height="300" viewBox="0 0 500 300"/,
    )
    expect(svg).toContain('<rect width="500" height="300" fill="white"/>')
    expect(svg).not.toMatch(/<style|class=|href|url\(|var\(/)
    expect(await lineChart({ title: 'T', ...axes, series, width: 500, height: 300 })).toBe(svg)
  })

  it('`lineChart()` writes very small numbers shortly', async () => {
    const series = [
      {
        name: 'a',
        points: [
          [0, 1e-6],
          [1, 3e-6],
        ] as const,
      },
    ]
    const written = texts(await lineChart({ title: 'T', ...axes, series }))
    expect(written).toEqual(expect.arrayContaining(['1e-6', '2e-6', '3e-6']))
  })

  it('`histogram()` draws the share of values per interval, the largest in the last one', async () => {
    const series = [
      { name: 'a', values: [0, 0, 1, 4] },
      { name: 'b', values: Int32Array.of(4, 4) },
    ]
    const svg = await histogram({ title: 'T', x: { label: 'mass' }, series, bins: 2 })
    const [first, second] = corners(svg, 'line')
    const base = first[0][1]
    const heights = (corners: number[][]) => corners.slice(1, -1).map(([, y]) => base - y)
    const whole = Math.max(...heights(second))
    // 0, 0, 1 in [0, 2) and 4 in [2, 4]
    expect(heights(first).map(height => height / whole)).toEqual(
      [0.75, 0.75, 0.25, 0.25].map(v => expect.closeTo(v, 4)),
    )
    expect(heights(second).map(height => height / whole)).toEqual([0, 0, 1, 1])
  })

  it('`histogram()` draws equal values, leaves out what is not finite, and refuses nothing at all', async () => {
    const x = { label: 'mass' }
    const one = await histogram({
      title: 'T',
      x,
      series: [{ name: 'a', values: [7, 7, Number.NaN] }],
      bins: 1,
    })
    expect(corners(one, 'line')[0].length).toBe(4)
    const none = histogram({ title: 'T', x, series: [{ name: 'a', values: [Number.NaN] }] })
    await expect(none).rejects.toThrow(
      'Cannot draw a histogram: the values must be at least one finite number',
    )
    await expect(histogram({ title: 'T', x, series: [{ name: 'a', values: [1] }], bins: 0 })).rejects.toThrow(
      'the bins must be a whole number from 1 to 1000, got 0',
    )
  })
})
