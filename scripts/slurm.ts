/**
 * `npm run slurm`: a real Slurm of two nodes, the script of `saltus slurm`, and what goes wrong on clusters: a task that
 * asks to be run again, an urgent job that takes the nodes, a node lost, a daemon killed, a task that fails. After each
 * the union of the parts must have the bytes of the unsharded run. (Without `nothing`, a run to compare with, five.) Prints a table; exits with 1 where one does not hold.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../src/node/package-root.ts'
import { type Cluster, cluster, lacking, type Task } from './slurm/cluster.ts'

const saltus = join(packageRoot, 'bin/saltus.js')
const shards = 8
const words = ['sample', '-m', 'mnist', '-n', '128', '--calls', '16', '--seed', '1', '--workers', '1']

const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

const running = (tasks: readonly Task[]) =>
  tasks.filter(({ state, name }) => state === 'R' && name === 'saltus')

/** Waits until something is so of the queue, at most ten minutes; a task that waits for its time is told not to. */
async function until(of: Cluster, holds: (tasks: readonly Task[]) => boolean): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const tasks = await of.queue()
    if (holds(tasks)) return
    for (const { id } of tasks.filter(task => task.reason === 'BeginTime'))
      await of.run('scontrol', ['update', `jobid=${id}`, 'StartTime=now']).catch(() => {})
    await wait(1000)
  }
  throw new Error('Cannot go on: the queue must change within ten minutes, got none')
}

/** Submits all shards by the script of `saltus slurm`, from a folder of its own; `call` says how saltus is called. */
async function submit(of: Cluster, folder: string, call: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'call.sh'),
    `#!/usr/bin/env bash\n${call}\nexec ${process.execPath} ${saltus} "$@"\n`,
    { mode: 0o755 },
  )
  const told = [
    '--out',
    'all.npy',
    '--shards',
    String(shards),
    '--minutes',
    '30',
    '--threads',
    '1',
    '--call',
    './call.sh',
  ]
  const script = execFileSync(process.execPath, [saltus, 'slurm', ...words, ...told], { encoding: 'utf8' })
  writeFileSync(join(folder, 'job.sh'), script)
  await of.run('bash', ['job.sh'], folder)
}

/** What is done while the tasks run. */
interface Provocation {
  readonly what: string
  /** Lines before saltus is called in every task. */
  readonly call?: string
  act?(of: Cluster): Promise<void>
  /** Whether the job that merges is not to run: it is submitted again, and all is well. */
  readonly fails?: boolean
}

const third = '[[ "$*" == *"--shard 3/"* ]]'

const provocations: readonly Provocation[] = [
  { what: 'nothing' },
  {
    what: 'a task ends with 75',
    call: `if ${third} && [ "\${SLURM_RESTART_COUNT:-0}" = 0 ]; then exit 75; fi`,
  },
  {
    what: 'an urgent job takes both nodes',
    async act(of) {
      await of.run('sbatch', [
        '--partition=urgent',
        '-N2',
        '--exclusive',
        '--job-name=urgent',
        '--wrap',
        'sleep 5',
      ])
      await until(of, tasks => tasks.some(({ name, state }) => name === 'urgent' && state === 'R'))
    },
  },
  {
    what: 'a node is lost',
    async act(of) {
      await of.run('scontrol', ['update', 'nodename=n2', 'state=down', 'reason=trial'])
      await wait(5000)
      // By now it may have come back of itself, for its daemon was never gone.
      await of.run('scontrol', ['update', 'nodename=n2', 'state=resume']).catch(() => {})
    },
  },
  {
    what: 'slurmd is killed',
    async act(of) {
      of.kill('n1')
      await wait(5000)
      of.revive('n1')
    },
  },
  { what: 'a task fails', call: `if ${third}; then exit 1; fi`, fails: true },
]

async function provoke(of: Cluster, { what, call = '', act, fails }: Provocation, reference: string) {
  const began = performance.now()
  const folder = join(of.folder, what.replaceAll(' ', '-'))
  const union = join(folder, 'all.npy')
  await submit(of, folder, call)
  if (act) {
    await until(of, tasks => running(tasks).length > 0)
    await act(of)
  }
  await until(of, tasks => tasks.length === 0)
  const stopped = !existsSync(union)
  if (fails) {
    await submit(of, folder, '')
    await until(of, tasks => tasks.length === 0)
  }
  const equal = existsSync(union) && hash(union) === reference && stopped === (fails === true)
  const log = readFileSync(join(of.folder, 'jobs.txt'), 'utf8').split('\n')
  const restarted = log.filter(line => /JobState=(?:PREEMPTED|NODE_FAIL|REQUEUED|FAILED)/.test(line)).length
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  process.stdout.write(
    `${what.padEnd(32)} ${equal ? 'equal' : 'DIFFERS'}  ${seconds} s, ended before their time so far: ${restarted}\n`,
  )
  return equal
}

// All, or those whose words hold the ones that are given: `npm run slurm -- node`.
const chosen = provocations.filter(({ what }) => what.includes(process.argv[2] ?? ''))
const reason = lacking()
if (reason !== undefined) process.stdout.write(`skipped: ${reason}\n`)
else {
  const of = await cluster()
  try {
    const whole = join(of.folder, 'whole.npy')
    execFileSync(process.execPath, [saltus, ...words, '--quiet', '--out', whole])
    const reference = hash(whole)
    for (const provocation of chosen) if (!(await provoke(of, provocation, reference))) process.exitCode = 1
  } finally {
    await of.close()
  }
}
