import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commands, commandsPage } from '../../src/cli/commands.ts'
import { good, temporary } from '../cli/saltus.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = join(root, 'docs/commands.md')

/** The calls of saltus in the blocks of a page, as words; what a shell does besides is left out. */
function callsIn(text: string): string[][] {
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n')
  return lines.flatMap(line => {
    const [, call] = /^(?: {2,6}|)(?:\$ |npx )?(saltus [^<…]*?)(?:\s{2,}#.*|\s+# .*)?$/.exec(line) ?? []
    const calls = call?.split(/ && | \| | >>? /).filter(one => one.startsWith('saltus ')) ?? []
    return calls.map(one =>
      (one.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? []).slice(1).map(word => word.replaceAll(/['"]/g, '')),
    )
  })
}

/** Reads a call as the command line does, and does nothing of what it asks. */
async function understood(words: readonly string[]): Promise<void> {
  const program = await commands(words[0])
  for (const command of program.commands)
    for (const one of [command, ...command.commands]) one.action(() => {})
  await program.parseAsync(words, { from: 'user' })
}

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

describe('every page', () => {
  const pages = [
    'README.md',
    ...['docs', 'models'].flatMap(folder =>
      readdirSync(join(root, folder))
        .filter(name => name.endsWith('.md'))
        .map(name => `${folder}/${name}`),
    ),
  ]

  it('calls saltus with flags that there are, and values that they take', async () => {
    const calls = pages.flatMap(path =>
      callsIn(readFileSync(join(root, path), 'utf8')).map(words => ({ path, words })),
    )
    const wrong: string[] = []
    for (const { path, words } of calls)
      await understood(words).catch(error => wrong.push(`${path}: ${words.join(' ')}: ${error.message}`))
    expect(wrong).toEqual([])
    expect(calls.length).toBeGreaterThan(90)
    await expect(understood(['sample', '--cuont', '3'])).rejects.toThrow('--cuont')
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
