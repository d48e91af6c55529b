// The package as it comes to a stranger: packed, installed into an empty project with nothing but the registry, and used.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpy } from '../../src/formats/npy.ts'
import { temporary, total } from './saltus.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs npm, or what npm has put into node_modules/.bin. */
function run(command: string, args: readonly string[], folder: string) {
  // What an install script fetches from outside the registry goes nowhere.
  const env = { ...process.env, GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9', NO_UPDATE_NOTIFIER: '1' }
  return spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' })
}

/** What is in an image. */
const massIn = (folder: string, name: string) =>
  total((readNpy(readFileSync(join(folder, name)), name) as NdArray).data)

/** The door for pages can be imported, and loads nothing that is not installed. */
function demandDoor(folder: string): void {
  const script = "const { open } = await import('saltus/web'); console.log(typeof open)"
  const { stdout, stderr } = run(process.execPath, ['--input-type=module', '-e', script], folder)
  expect([stdout, stderr]).toEqual(['function\n', ''])
}

// Why it is skipped where it is: there is no registry to install from.
const reachable = run('npm', ['view', 'gifenc', 'version', '--fetch-retries=0'], root).status === 0

describe('npm install saltus', () => {
  it.skipIf(!reachable)(
    'works in an empty project that reaches the registry alone, and draws images of exactly the mass',
    { timeout: 600_000 },
    () => {
      const folder = temporary()
      const packed = run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root)
      const tarball = packed.stdout.trim().split('\n').at(-1) ?? ''
      writeFileSync(join(folder, 'package.json'), '{ "private": true }')
      // Who only draws on pages and by WebAssembly needs nothing native.
      const installed = run('npm', ['install', '--omit=optional', '--prefer-offline', `./${tarball}`], folder)
      expect(installed.stderr).not.toMatch(/npm error/i)
      expect(installed.status).toBe(0)
      expect(existsSync(join(folder, 'node_modules/onnxruntime-node'))).toBe(false)
      demandDoor(folder)
      const portable = '--model mnist --count 1 --calls 1 --mass 777 --seed 1 --device wasm --out wasm.npy'
      const bin = join('node_modules', '.bin', 'saltus')
      expect(run(bin, ['sample', ...portable.split(' ')], folder)).toMatchObject({ status: 0 })
      expect(massIn(folder, 'wasm.npy')).toBe(777)
      // The same with what is optional.
      expect(run('npm', ['install', '--include=optional', '--prefer-offline'], folder).status).toBe(0)
      const flags = '--model mnist --count 1 --calls 1 --mass 12345 --seed 1 --workers 1 --out digit.npy'
      const drawn = run(bin, ['sample', ...flags.split(' ')], folder)
      expect(drawn.stderr + drawn.stdout).toMatch(/12345/)
      expect(drawn.status).toBe(0)
      expect(massIn(folder, 'digit.npy')).toBe(12345)
      const readme = readFileSync(join(folder, 'node_modules/saltus/README.md'), 'utf8')
      for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
        expect(() => readFileSync(join(folder, 'node_modules/saltus', path)), path).not.toThrow(/ENOENT/)
    },
  )
})
