// `saltus sweep` on a small network: rungs, the same files again, one trial at a time, and the script for Slurm.
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/formats/npz.ts'
import { rungsOf } from '../../src/jobs/sweep/halving.ts'
import { trialsOf } from '../../src/jobs/sweep/vary.ts'
import { complaint, corners, good, listing, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
const { images, labels } = corners(40)
write(folder, 'corners.npz', writeNpz({ images, labels }))
const network = '--multipliers 1 --blocks 1 --attention none --embedding 8 --batch 4 --warmup 2'.split(' ')
const vary = ['--vary', 'learning-rate=1e-4:1e-1:log', '--vary', 'base=4|8']
const words = ['sweep', '--data', 'corners.npz', ...vary, ...network, '--quiet']
const plan = ['--trials', '3', '--rungs', '2', '--factor', '2', '--steps', '6']
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const files = (run: string) =>
  listing(join(folder, run))
    .filter(name => /\.\w+$/.test(name))
    .map(name => [name, readFileSync(join(folder, run, name)).toString('base64')])

describe('saltus sweep', { timeout: 180_000 }, () => {
  it('tries all for a few steps and the best for more, and a second run gives the same files and winner', async () => {
    const { stdout } = await good([...words, ...plan, '-o', 'one', '--json'], folder)
    const { winner, results, trials } = read('one/results.json')
    expect(JSON.parse(stdout)).toMatchObject({ winner, options: trials[winner] })
    expect(results.map((rung: unknown[]) => rung.length)).toEqual([3, 1])
    const losses = results[0].map(({ loss }: { loss: number }) => loss)
    expect(new Set(losses).size).toBe(3)
    expect(losses[winner]).toBe(Math.min(...losses))
    expect(read(`one/rung-1/trial-00${winner}.json`)).toMatchObject({ rung: 1, steps: 6 })
    const before = files('one')
    expect(before.find(([name]) => name === 'model.onnx')?.[1]).toBe(
      before.find(([name]) => name === `rung-1/trial-00${winner}.onnx`)?.[1],
    )
    // Again from the beginning, in another folder: task by task, in another order.
    mkdirSync(join(folder, 'other'))
    cpSync(join(folder, 'one/sweep.json'), join(folder, 'other/sweep.json'))
    const task = (rung: number, place: number) => [
      'sweep',
      '-o',
      'other',
      '--quiet',
      '--rung',
      String(rung),
      '--place',
      String(place),
    ]
    const early = await saltus(task(1, 0), folder)
    expect(early).toMatchObject({ status: 1, stderr: expect.stringMatching(complaint) })
    for (const place of [2, 0, 1]) await good(task(0, place), folder)
    await good(task(1, 0), folder)
    await good(['sweep', '-o', 'other', '--quiet'], folder)
    expect(files('other')).toEqual(before)
  })

  it('prints chained arrays for Slurm', async () => {
    const { stdout } = await good([...words, ...plan, '-o', 'later', '--slurm', '--minutes', '7'], folder)
    expect(stdout).toMatch(/--time=7 .*--array=0-2 .*--rung 0 --place \$SLURM_ARRAY_TASK_ID/)
    expect(stdout).toMatch(/--array=0-0 --dependency="afterok:\$job" .*--rung 1 /)
    expect(listing(join(folder, 'later'))).toEqual(['sweep.json'])
  })

  it('refuses another sweep in its folder, and what makes losses that cannot be compared', async () => {
    const refused: [words: string[], said: string][] = [
      [
        [...words, '--trials', '5', '--rungs', '1', '-o', 'later'],
        '--out must be a new folder, or that of this sweep',
      ],
      [['sweep', '-o', 'nothing'], '--data and --vary must be given'],
      [
        ['sweep', '--data', 'corners.npz', '--vary', 'schedule=cosine|spline', '-o', 'no'],
        '--vary must be of learning-rate',
      ],
      [['sweep', '--data', 'corners.npz', '--vary', 'base=9:4', '-o', 'no'], '--vary must be FIELD=MIN:MAX'],
      [
        ['sweep', '--data', 'corners.npz', '--vary', 'base=4:8', '--trials', '3', '-o', 'no'],
        '--trials must be at least 9',
      ],
    ]
    for (const [args, said] of refused) {
      const { status, stderr } = await saltus(args, folder)
      expect([status, stderr], args.join(' ')).toEqual([2, expect.stringContaining(said)])
    }
  })
})

describe('rungsOf()', () => {
  it('gives a factor fewer trials so many times the steps', () => {
    expect(rungsOf({ trials: 30, rungs: 3, factor: 3, steps: 900 })).toEqual([
      { trials: 30, steps: 100 },
      { trials: 10, steps: 300 },
      { trials: 3, steps: 900 },
    ])
  })
})

describe('trialsOf()', () => {
  it('spreads eight trials over ranges and choices as a net does', () => {
    const trials = trialsOf(['base=4:11', 'learning-rate=1e-4:1:log', 'blocks=1,2|2,2'], 8, 3)
    expect(trials.map(({ base }) => base).sort((a, b) => Number(a) - Number(b))).toEqual([
      4, 5, 6, 7, 8, 9, 10, 11,
    ])
    const decades = trials.map(({ learningRate }) => Math.floor(Math.log10(Number(learningRate)) * 2))
    expect(new Set(decades).size).toBe(8)
    expect(trials.filter(({ blocks }) => String(blocks) === '1,2')).toHaveLength(4)
    expect(trialsOf(['base=4:11'], 8, 4)).not.toEqual(trialsOf(['base=4:11'], 8, 3))
  })
})
