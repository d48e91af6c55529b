import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commands, commandsPage } from '../../src/cli/commands.ts'
import { good, temporary } from '../cli/saltus.ts'

const page = fileURLToPath(new URL('../../docs/commands.md', import.meta.url))

describe('docs/commands.md', () => {
  it('is the help of every command, as it is printed now', async () => {
    expect(readFileSync(page, 'utf8')).toBe(await commandsPage())
  })

  it('has an example for every command that is called alone', async () => {
    const all = await commandsPage()
    for (const command of (await commands()).commands.filter(one => one.commands.length === 0)) {
      const text = all.split(`## saltus ${command.name()}\n`)[1].split('\n## ')[0]
      if (!['models', 'info', 'solvers'].includes(command.name()))
        expect(text, command.name()).toMatch(/Examples?:|saltus \w+ /)
    }
  })
})

describe('saltus completion', { timeout: 60_000 }, () => {
  const folder = temporary()
  const bash = spawnSync('bash', ['-c', 'type complete'], { encoding: 'utf8' }).status === 0

  it.skipIf(!bash)('completes commands and flags in bash (skipped where there is no bash)', async () => {
    const { stdout } = await good(['completion', 'bash'], folder)
    const complete = (...words: string[]) =>
      spawnSync(
        'bash',
        [
          '-c',
          `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _saltus; printf '%s\\n' "\${COMPREPLY[@]}"`,
          'bash',
          ...words,
        ],
        { encoding: 'utf8', cwd: join(folder) },
      )
        .stdout.trim()
        .split('\n')
    expect(complete('saltus', 'sa')).toEqual(['sample'])
    expect(complete('saltus', 'sample', '--por')).toEqual(['--porosity'])
    expect(complete('saltus', 'graph', 'cl')).toEqual(['cluster'])
    expect(complete('saltus', 'graph', 'cluster', '--see')).toEqual(['--seed'])
  })
})
