import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeNpy } from '../../src/formats/npy.ts'
import { bin, corners, good, saltus, temporary, write } from './saltus.ts'

const folder = temporary()
write(folder, 'images.npy', writeNpy(corners(24).images))
const network = [
  '--base',
  '8',
  '--multipliers',
  '1',
  '--blocks',
  '1',
  '--attention',
  'none',
  '--embedding',
  '16',
]
const flags = [
  '--data',
  'images.npy',
  '--steps',
  '4',
  '--batch',
  '2',
  '--accumulate',
  '6',
  '--quiet',
  '--warmup',
  '100',
]
const told = ['train', ...flags, ...network]
const bytes = (run: string, name = 'checkpoint.npz') => readFileSync(join(folder, run, name))

it('`train --ranks` gives the bytes of one rank on 2 of them, and on 3 with which it goes on', {
  timeout: 180_000,
}, async () => {
  await good([...told, '--ranks', '1', '-o', 'one'], folder)
  const begun = told.map((word, i) => (told[i - 1] === '--steps' ? '2' : word))
  await good([...begun, '--ranks', '2', '-o', 'more'], folder)
  await good(['train', '--steps', '4', '--ranks', '3', '--quiet', '--resume', '-o', 'more'], folder)
  for (const name of ['checkpoint.npz', 'model.onnx'])
    expect(bytes('more', name).equals(bytes('one', name)), name).toBe(true)
  expect(await saltus([...told, '--ranks', '7', '-o', 'seven'], folder)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching('--accumulate must be at least the ranks, 7, got 6'),
  })
})

/** Why it is skipped where it is: there is no MPI, or no koffi to call it. */
const lacking = () => {
  if (spawnSync('mpiexec', ['--version']).status !== 0) return 'mpiexec is not there'
  try {
    createRequire(import.meta.url).resolve('koffi')
  } catch {
    return 'koffi is not installed'
  }
  return undefined
}

it.skipIf(lacking() !== undefined)(
  '`train --mpi` gives the bytes of `train --ranks`',
  { timeout: 180_000 },
  async () => {
    await good([...told, '--ranks', '1', '-o', 'threads'], folder)
    const args = ['-n', '2', process.execPath, bin, ...told, '--mpi', '-o', 'mpi']
    const { status, stderr } = spawnSync('mpiexec', args, { cwd: folder, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    expect(bytes('mpi').equals(bytes('threads'))).toBe(true)
  },
)
