// saltus solvers: its flags, its end when it is asked to stop. What it measures is tested in tests/sampling.
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { saltus, start, temporary, write } from './saltus.ts'

it('saltus solvers refuses charts of another kind, images that are none, and misspelt flags', async () => {
  const folder = temporary()
  write(folder, 'notes.txt', new TextEncoder().encode('no image'))
  for (const [args, words] of [
    [['--out', 'chart.png'], '--out must be a file ending in .svg'],
    [['--calls', '8,none'], '--calls must be a whole number of at least 1'],
    [['--noise', '9'], '--noise must be a number'],
    [['--sampels', '3'], 'did you mean --samples'],
  ] as const) {
    const { status, stderr, stdout } = await saltus(['solvers', ...args], folder)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(words)
  }
})

it('saltus solvers ends within two seconds of Ctrl-C', async () => {
  const { child, ended } = start(['solvers'], temporary())
  // The first line of its progress comes after ten seconds: by then it is at work.
  await once(child.stderr!, 'data')
  const asked = Date.now()
  child.kill('SIGINT')
  const { status, stdout } = await ended
  expect(status).toBe(130)
  expect(stdout).toBe('')
  expect(Date.now() - asked).toBeLessThan(2000)
}, 120_000)
