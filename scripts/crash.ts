/**
 * `npm run crash -- --rounds 100`: kill -9 at random moments of a writer, of a sharded run and of a training; a full disk, a
 * read-only one, two writers. Nothing may stand half-written under its final name, nothing of a finished file may be lost,
 * and what goes on must end with the bytes of a run that was never stopped.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { random } from '../src/base/random.ts'
import { writeNpy } from '../src/formats/npy.ts'
import { packageRoot } from '../src/node/package-root.ts'
import { contents, whole } from './crash/contents.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})
const rounds = Number(values.rounds)
const rng = random(Number(values.seed))
const folder = mkdtempSync(join(tmpdir(), 'saltus-crash-'))
const at = (...names: string[]) => join(folder, ...names)
const saltus = join(packageRoot, 'bin/saltus.js')
const writer = fileURLToPath(new URL('./crash/writer.js', import.meta.url))
const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
const start = (args: readonly string[]) => spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' })
const ran = (args: readonly string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })

let failed = 0
function told(what: string, holds: boolean, more = ''): void {
  if (!holds) failed++
  process.stdout.write(`${holds ? 'holds ' : 'FAILS '} ${what}${more && `: ${more}`}\n`)
}

/** Kills it with -9 after so many milliseconds, if it lives so long; whether it did. */
async function killed(child: ChildProcess, ms: number): Promise<boolean> {
  const ended = new Promise<NodeJS.Signals | null>(resolve =>
    child.once('exit', (_, signal) => resolve(signal)),
  )
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  const signal = await ended
  clearTimeout(timer)
  return signal === 'SIGKILL'
}

/** How long a command takes that nobody kills, in ms. */
function lasting(args: readonly string[]): number {
  const began = performance.now()
  const { status, stderr } = ran(args)
  if (status !== 0) throw new Error(stderr)
  return performance.now() - began
}

/** One writer that is killed: the file is one of its contents, whole, and what it left aside is removed by the next. */
async function writers(): Promise<void> {
  const path = at('writers', 'file')
  mkdirSync(at('writers'))
  writeFileSync(path, contents(0))
  let broken = 0
  for (let i = 0; i < rounds; i++) {
    await killed(start([writer, path, String(i % 2)]), 80 + 400 * rng.uniform())
    if (!whole(readFileSync(path))) broken++
  }
  const two = [0, 1].map(which => killed(start([writer, path, String(which)]), 1500))
  while (await Promise.race([Promise.all(two), wait(20)]).then(ended => ended === undefined))
    if (!whole(readFileSync(path))) broken++
  await killed(start([writer, path, '0']), 1000)
  const left = readdirSync(at('writers')).length - 1
  told(
    `a file whose writer is killed, ${rounds} times, and two writers of it`,
    broken === 0 && left <= 1,
    `${broken} broken, ${left} parts left`,
  )
}

const drawn = [
  'sample',
  '-m',
  'mnist',
  '-n',
  '64',
  '--calls',
  '4',
  '--seed',
  '3',
  '--workers',
  '1',
  '--quiet',
]

/** A shard that is killed again and again, until it is done: the union is that of the unsharded run. */
async function shards(): Promise<void> {
  const took = lasting([saltus, ...drawn, '-o', 'all.npy'])
  let kills = 0
  for (const i of [0, 1])
    for (let times = 0; times < Math.ceil(rounds / 20); times++) {
      const child = start([saltus, ...drawn, '--shard', `${i}/2`, '-o', 'parts'])
      if (await killed(child, took * rng.uniform())) kills++
    }
  for (const i of [0, 1]) ran([saltus, ...drawn, '--shard', `${i}/2`, '-o', 'parts'])
  ran([saltus, 'merge', 'parts', '-o', 'union.npy'])
  told(
    'a sharded run that is killed',
    existsSync(at('union.npy')) && hash(at('union.npy')) === hash(at('all.npy')),
    `${kills} kills, equal bytes`,
  )
}

/** A training that is killed again and again and resumed: the model of one that was not. */
async function training(): Promise<void> {
  const data = Uint8Array.from({ length: 24 * 64 }, (_, i) => (i * 7919 + (i >> 3)) % 12)
  writeFileSync(at('images.npy'), writeNpy({ data, shape: [24, 1, 8, 8] }))
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
    '300',
    '--batch',
    '4',
    '--threads',
    '1',
    '--quiet',
    ...network,
  ]
  const every = ['--every', '0.002']
  const took = lasting([saltus, 'train', ...flags, '-o', 'whole'])
  let kills = 0
  for (let i = 0; i < Math.ceil(rounds / 10); i++) {
    const begun = existsSync(at('killed', 'run.json'))
    const args = begun ? ['--resume', '--quiet'] : flags
    if (await killed(start([saltus, 'train', ...args, ...every, '-o', 'killed']), took * rng.uniform()))
      kills++
  }
  const begun = existsSync(at('killed', 'run.json'))
  const { status, stderr } = ran([
    saltus,
    'train',
    ...(begun ? ['--resume', '--threads', '1', '--quiet'] : flags),
    '-o',
    'killed',
  ])
  const equal =
    status === 0 &&
    ['model.onnx', 'checkpoint.npz'].every(name => hash(at('killed', name)) === hash(at('whole', name)))
  told('a training that is killed and resumed', equal, `${kills} kills, ${equal ? 'equal bytes' : stderr}`)
}

/** A disk of one megabyte, and one that cannot be written. Needs root, for mount. */
function disks(): void {
  mkdirSync(at('full'))
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', at('full')])
  if (mount.status !== 0) {
    process.stdout.write('skipped: mount must be permitted, for a full disk\n')
    return
  }
  try {
    const old = Buffer.from('what was there before')
    writeFileSync(at('full', 'all.npy'), old)
    writeFileSync(at('full', 'ballast'), Buffer.alloc(230_000))
    const { status, stderr } = ran([saltus, ...drawn, '-n', '128', '-o', 'full/all.npy'])
    const same = Buffer.compare(readFileSync(at('full', 'all.npy')), old) === 0
    const names = readdirSync(at('full')).sort().join()
    told(
      'a full disk',
      status === 75 && same && names === 'all.npy,ballast',
      `status ${status}, ${stderr.trim()}`,
    )
    spawnSync('mount', ['-o', 'remount,ro', at('full')])
    const again = ran([saltus, ...drawn, '-o', 'full/all.npy'])
    const kept = Buffer.compare(readFileSync(at('full', 'all.npy')), old) === 0
    told(
      'a read-only disk',
      again.status === 1 && kept && /read-only/.test(again.stderr),
      again.stderr.trim(),
    )
  } finally {
    spawnSync('umount', [at('full')])
  }
}

process.stdout.write(`seed ${values.seed}\n`)
try {
  await writers()
  disks()
  await shards()
  await training()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed > 0 ? 1 : 0
