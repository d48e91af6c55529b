// The package as it is published and installed.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporary } from './saltus.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

/** Runs a module in the folder of the package, where 'saltus' is the package itself. */
const run = async (script: string) =>
  (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: root })).stdout

/** What a user of the types writes; the last call is wrong, and must be seen to be. */
const typed = `
import { ancestral, lattice, type OriginFunction, sample, spatial } from 'saltus'
import { open } from 'saltus/node'
import { open as fetched } from 'saltus/web'

const process = spatial({ lattice: lattice([4, 4], 'periodic') })
const origin: OriginFunction = counts => new Float32Array(counts.length).fill(1)
const drawn = await sample({ process, solver: ancestral({ calls: 2 }), origin, masses: [[77]], seed: 1, batch: 1 })
const samples = await (await open('mnist')).generate({ mass: 26000, count: 1 })
export const counts: number = drawn.counts.length + samples.masses.length
// @ts-expect-error: a mass is no object
await (await fetched('mnist.onnx')).generate({ mass: {} })
`

describe('the package', { timeout: 180_000 }, () => {
  it('holds the compiled sources with their types, the command and the models, and nothing else', () => {
    const npm = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error']
    const [{ files, size }] = JSON.parse(execFileSync('npm', npm, { cwd: root, encoding: 'utf8' }))
    expect(size).toBeLessThan(45e6)
    const paths = (files as { path: string }[]).map(({ path }) => path)
    const exported = Object.values(manifest.exports).flatMap(entry =>
      typeof entry === 'string' ? entry : Object.values(entry as object),
    )
    for (const path of [...exported, manifest.bin.saltus]) {
      const [before, after = ''] = (path as string).replace('./', '').split('*')
      expect(
        paths.filter(name => name.startsWith(before) && name.endsWith(after)).length,
        path,
      ).toBeGreaterThan(0)
    }
    expect(paths).toContain('dist/src/node/batch-worker.js')
    const allowed =
      /^(?:bench\/results\.txt|bin\/\w+\.js|dist\/(?:scripts|src)\/.*\.(?:js|d\.ts)|dist\/src\/\.built|dist\/studio\/(?:assets\/[\w.-]+\.(?:m?js|css)|index\.html|files\.json|service-worker\.js)|docs\/.*\.(?:md|png|svg)|examples\/\w+\.ts|models\/(?:.*\.(?:onnx|md)|index\.json)|package\.json|sbom\.json|README\.md|CHANGELOG\.md|SECURITY\.md|CITATION\.cff|LICENSE)$/
    expect(paths.filter(path => !allowed.test(path))).toEqual([])
    for (const path of paths.filter(path => /^dist\/(?:src|scripts)\/.*\.js$/.test(path)))
      expect(paths).toContain(path.replace(/\.js$/, '.d.ts'))
  })

  it("gives 'saltus' and 'saltus/node'", async () => {
    const script = `
import { ancestral, lattice, sample, spatial } from 'saltus'
import { onnxruntimeNode } from 'saltus/node'
const process = spatial({ lattice: lattice([4, 4], 'periodic') })
const origin = counts => new Float32Array(counts.length).fill(1)
const { counts } = await sample({ process, solver: ancestral({ calls: 2 }), origin, masses: [[77]], seed: 1, batch: 1 })
console.log(counts.reduce((a, b) => a + b), onnxruntimeNode().device)`
    expect(await run(script)).toBe('77 cpu\n')
  })

  it('passes publint, and its types are found and hold where modules are looked up as Node or a bundler does', () => {
    const publint = [join(root, 'node_modules/publint/src/cli.js'), 'run', root, '--pack=false', '--strict']
    expect(spawnSync(process.execPath, publint, { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
    const user = temporary()
    mkdirSync(join(user, 'node_modules'))
    symlinkSync(root, join(user, 'node_modules/saltus'), 'junction')
    writeFileSync(join(user, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(user, 'use.ts'), typed)
    const lookups = [
      ['node16', 'node16'],
      ['esnext', 'bundler'],
    ]
    for (const [module, lookup] of lookups) {
      const how = [
        '--module',
        module,
        '--moduleResolution',
        lookup,
        '--lib',
        'es2023,dom',
        '--target',
        'es2022',
      ]
      const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', ...how, 'use.ts']
      const { status, stdout } = spawnSync(process.execPath, tsc, { cwd: user, encoding: 'utf8' })
      expect([lookup, status, stdout]).toEqual([lookup, 0, ''])
    }
  })

  it('compiles the command without what only `npm run build` needs', () => {
    const clone = temporary()
    for (const name of ['bin', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.tools.json'])
      cpSync(join(root, name), join(clone, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction')
    for (const folder of ['src/cli', 'bench']) mkdirSync(join(clone, folder), { recursive: true })
    writeFileSync(
      join(clone, 'src/cli/main.ts'),
      'export const main = (words: string[]): number => words.length',
    )
    writeFileSync(join(clone, 'bench/wrong.ts'), "export const x: number = 'no'")
    const node = (args: string[], npm?: string) => {
      const env = { ...process.env, npm_lifecycle_event: npm ?? '' }
      return spawnSync(process.execPath, args, { cwd: clone, env, encoding: 'utf8' })
    }
    expect(node(['bin/saltus.js', 'a', 'b', 'c'])).toMatchObject({ status: 3, stderr: '' })
    expect(readdirSync(join(clone, 'dist'))).toEqual(['src'])
    expect(node(['bin/build.js'], 'prepare').status).toBe(0)
    expect(node(['bin/build.js'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('bench/wrong.ts'),
    })
    writeFileSync(join(clone, 'bench/wrong.ts'), 'export const x = 1')
    expect(node(['bin/build.js'])).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(join(clone, 'dist')).sort()).toEqual(['bench', 'src'])
  })

  it('says in one line what is missing where it was installed for production, without its compiler', () => {
    const clone = temporary()
    cpSync(join(root, 'bin'), join(clone, 'bin'), { recursive: true })
    writeFileSync(join(clone, 'package.json'), '{ "type": "module" }')
    const node = (script: string) =>
      spawnSync(process.execPath, [`bin/${script}.js`], { cwd: clone, encoding: 'utf8' })
    const line = (what: string, got: string) => `Cannot ${what}(npm ci --include=dev), got ${got}\n`
    const start = line('start saltus: it must be compiled, for which its compiler is needed ', 'no dist/')
    expect(node('saltus')).toMatchObject({ status: 1, stdout: '', stderr: start })
    mkdirSync(join(clone, 'src'))
    const build = line('build saltus: its compiler must be installed ', 'none')
    expect(node('build')).toMatchObject({ status: 1, stdout: '', stderr: build })
  })

  it('runs no install script of its dependencies in a clone', () => {
    expect(manifest.allowScripts).toEqual({ 'onnxruntime-node': false })
    const lock = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'))
    const packages = lock.packages as Record<
      string,
      { hasInstallScript?: boolean; version?: string; optionalDependencies?: object }
    >
    // What npm 10 goes by, which does not know allowScripts: see docs/notes/installing.md.
    const scripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
    expect(scripts.map(([path]) => path)).toEqual([])
    expect(manifest.optionalDependencies).toEqual({
      'onnxruntime-node': packages['node_modules/onnxruntime-node'].version,
    })
    // A lock file made where the registry lacked some of the packages for other platforms stops npm ci.
    for (const { optionalDependencies = {} } of Object.values(packages))
      for (const name of Object.keys(optionalDependencies))
        expect(packages).toHaveProperty([`node_modules/${name}`])
  })
})
