import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dispersiveColumn, elutionShare } from '../../src/physics/index.ts'
import { complaint, good, saltus, temporary } from './saltus.ts'

const folder = temporary()
const text = (name: string) => readFileSync(join(folder, name), 'utf8')
const put = (name: string, lines: readonly string[]) =>
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
const json = async (args: readonly string[]) => JSON.parse((await good([...args, '--json'], folder)).stdout)

describe('saltus wander, column, couple, flow, spiral', { timeout: 300_000 }, () => {
  it('`wander` gives the same counts on one thread and on three, every unit accounted for', async () => {
    const walk = [
      'wander',
      '--units',
      '5000',
      '--times',
      '1,20',
      '--sites',
      '40',
      '--decay',
      '0.01',
      '--quiet',
    ]
    const runs = []
    for (const workers of ['1', '3'])
      runs.push(await json([...walk, '--workers', workers, '--out', `${workers}.csv`, '--out', 'walk.svg']))
    expect(runs[0]).toEqual(runs[1])
    expect(text('1.csv')).toBe(text('3.csv'))
    for (const { there, left } of runs[0].rows) expect(there + left).toBe(5000)
    expect(text('walk.svg')).toContain('master equation')
  })

  it('`column` separates analytes as the exact law says', async () => {
    const { analytes, resolution } = await json([
      'column',
      '--sites',
      '30',
      '--units',
      '4000',
      '--quiet',
      '--out',
      'column.svg',
    ])
    for (const { mean, exact, variance } of analytes)
      expect(Math.abs(mean - exact.mean)).toBeLessThan(5 * Math.sqrt(variance / 4000))
    expect(resolution.length).toBe(3)
    const solved = await json(['column', 'solve', '--cells', '60', '--quiet'])
    for (const { difference } of solved.analytes) expect(difference).toBeLessThan(0.005)
  })

  it('`column fit` finds what a breakthrough curve was made of, and wants units', async () => {
    const law = dispersiveColumn({ dead: 30, retardation: 2, peclet: 100 })
    const times = Array.from({ length: 150 }, (_, i) => i + 1)
    put('step.csv', [
      't,signal',
      ...Array.from(elutionShare(law, times), (share, i) => `${times[i]},${100 * share}`),
    ])
    const fit = ['column', 'fit', '--data', 'step.csv', '--input', 'step', '--model', 'dispersive']
    const { analytes } = await json([...fit, '--dead-time', '0.5min', '--time-unit', 's', '--out', 'fit.svg'])
    expect(analytes[0].retardation.value).toBeCloseTo(2, 4)
    expect(analytes[0].peclet.value).toBeCloseTo(100, 2)
    for (const args of [
      ['--dead-time', '30'],
      ['--dead-time', '30s'],
    ])
      expect(await saltus([...fit, ...args], folder)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(complaint),
      })
    expect((await saltus([...fit, '--bend'], folder)).status).toBe(2)
  })

  it('`couple` evaluates a profile, and refuses those that are none', async () => {
    const rows = Array.from({ length: 81 }, (_, i) => [i - 40, 0.5 * (1 + Math.tanh((i - 40) / 6))])
    put('couple.csv', ['x [um],fraction', ...rows.map(row => row.join(','))])
    const couple = ['couple', '--data', 'couple.csv', '--time', '100h', '--quiet', '--bootstrap', '20']
    const found = await json([...couple, '--at', '0.5', '--out', 'couple.svg'])
    // A profile ½(1 + tanh(x/w)) has D̃ = w² log 2 / 2t in its middle.
    expect(found.denBroeder[0] / ((36e-12 * Math.LN2) / (2 * 3.6e5))).toBeCloseTo(1, 1)
    put('twice.csv', ['x [um],fraction', ...rows.map(([x, n], i) => `${i === 9 ? rows[8][0] : x},${n}`)])
    put('negative.csv', ['x [um],fraction', ...rows.map(([x, n]) => `${x},${n - 0.2}`)])
    put('short.csv', ['x [um],fraction', ...rows.slice(0, 44).map(row => row.join(','))])
    put('unit.csv', ['x,fraction', ...rows.map(row => row.join(','))])
    const wrong = {
      twice: /beyond the one before/,
      negative: /in \[0, 1\]/,
      short: /reached/,
      unit: /unit of the length/,
    }
    for (const [name, message] of Object.entries(wrong))
      expect(await saltus(['couple', '--data', `${name}.csv`, '--time', '1h'], folder)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(message),
      })
  })

  it('`flow` maps a saddle, `flow shear` spreads units', async () => {
    const { ftle } = await json(['flow', '--flow', 'saddle', '--grid', '6,6', '--quiet', '--out', 'flow.svg'])
    expect(ftle.largest).toBeCloseTo(1, 6)
    const { rows } = await json(['flow', 'shear', '--units', '3000', '--quiet'])
    for (const { sigmas } of rows) expect(Math.abs(sigmas)).toBeLessThan(5)
  })

  it('`spiral` winds up stars, and `spiral age` reads when', async () => {
    const wound = [
      'spiral',
      '--units',
      '5000',
      '--time',
      '0.2',
      '--quiet',
      '--out',
      'stars.npz',
      '--out',
      'stars.svg',
    ]
    expect((await json(wound)).age).toBeCloseTo(0.2, 1)
    expect((await json(['spiral', 'age', '--data', 'stars.npz'])).age).toBeCloseTo(0.2, 1)
    const { rows } = await json(['spiral', 'mixing', '--units', '4000', '--quiet'])
    for (const { apart } of rows) expect(apart).toBeLessThan(5)
  })
})
