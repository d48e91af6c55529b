/**
 * `npm run crash -- --rounds 100`: so many kill -9 at random moments of a writer, of sharded runs and of trainings; a full disk, a
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

/**
 * Starts a command, kills it at a random moment, and again, until so many kills have been. When one ends by itself, `ended`
 * says whether the bytes are those of a run that nobody killed (undefined: there is more to do), and clears them away.
 */
async function killedOften(
  took: number,
  { command, ended }: { command(): readonly string[]; ended(): boolean | undefined },
): Promise<readonly [holds: boolean, figures: string]> {
  let [kills, runs, differ] = [0, 0, 0]
  for (let under = false; kills < rounds || under; ) {
    under = true
    // What stands after the last kill goes on to its end.
    const patience = kills < rounds ? took * rng.uniform() : 600_000
    if (await killed(start([saltus, ...command()]), patience)) kills++
    else {
      const equal = ended()
      if (equal === undefined) continue
      under = false
      runs++
      if (!equal) differ++
    }
  }
  return [differ === 0, `${kills} kills, ${runs} runs, ${differ} of them of other bytes`]
}

const same = (a: string, b: string, names: readonly string[]) =>
  names.every(name => existsSync(at(a, name)) && hash(at(a, name)) === hash(at(b, name)))

/** Shards that are killed again and again, until they are done: the union is that of the unsharded run. */
async function shards(): Promise<void> {
  for (const name of ['all', 'union']) mkdirSync(at(name))
  const took = lasting([saltus, ...drawn, '-o', 'all/all.npy'])
  let shard = 0
  const found = await killedOften(took, {
    command: () => [...drawn, '--shard', `${shard}/2`, '-o', 'parts'],
    ended() {
      shard = 1 - shard
      if (shard === 1) return undefined
      ran([saltus, 'merge', 'parts', '-o', 'union/all.npy'])
      const equal = same('union', 'all', ['all.npy'])
      for (const name of ['parts', 'union/all.npy']) rmSync(at(name), { recursive: true, force: true })
      return equal
    },
  })
  told('sharded runs that are killed', ...found)
}

/** A training of some seconds. */
const trained =
  '--data images.npy --steps 300 --batch 4 --threads 1 --quiet --base 8 --multipliers 1 --blocks 1 --attention none --embedding 16'

/** A training that is killed again and again and resumed: the model of one that was not. */
async function training(): Promise<void> {
  const data = Uint8Array.from({ length: 24 * 64 }, (_, i) => (i * 7919 + (i >> 3)) % 12)
  writeFileSync(at('images.npy'), writeNpy({ data, shape: [24, 1, 8, 8] }))
  const flags = trained.split(' ')
  const took = lasting([saltus, 'train', ...flags, '-o', 'whole'])
  const found = await killedOften(took, {
    command() {
      const begun = existsSync(at('killed', 'run.json'))
      const args = begun ? ['--resume', '--threads', '1', '--quiet'] : flags
      return ['train', ...args, '--every', '0.002', '-o', 'killed']
    },
    ended() {
      const equal = same('killed', 'whole', ['model.onnx', 'checkpoint.npz'])
      rmSync(at('killed'), { recursive: true, force: true })
      return equal
    },
  })
  told('trainings that are killed and resumed', ...found)
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
    const kept = Buffer.compare(readFileSync(at('full', 'all.npy')), old) === 0
    const names = readdirSync(at('full')).sort().join()
    told(
      'a full disk',
      status === 75 && kept && names === 'all.npy,ballast',
      `status ${status}, ${stderr.trim()}`,
    )
    spawnSync('mount', ['-o', 'remount,ro', at('full')])
    const again = ran([saltus, ...drawn, '-o', 'full/all.npy'])
    const still = Buffer.compare(readFileSync(at('full', 'all.npy')), old) === 0
    told(
      'a read-only disk',
      again.status === 1 && still && /read-only/.test(again.stderr),
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
