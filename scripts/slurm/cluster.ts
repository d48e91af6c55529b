/** A Slurm of two nodes on this machine, out of Debian's packages, in a temporary folder: nothing is installed or left. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Why no cluster can be started here; undefined: one can. */
export function lacking(): string | undefined {
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch'].filter(
    name => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  )
  if (missing.length > 0)
    return `${missing.join(', ')} must be there (apt-get install munge slurmctld slurmd slurm-client)`
  return process.getuid?.() === 0 ? undefined : 'its daemons must be started by root'
}

export interface Cluster {
  /** A folder of the cluster's own. */
  readonly folder: string
  /** Runs a command of Slurm, or a script that uses it; returns what it prints. */
  run(command: string, args: readonly string[], cwd?: string): Promise<string>
  /** Tasks of the queue: `id state reason`, arrays task by task. */
  queue(): Promise<readonly Task[]>
  /** Kills the daemon of a node as nothing else would, or starts it again. */
  kill(node: string): void
  revive(node: string): void
  close(): Promise<void>
}

export interface Task {
  readonly id: string
  readonly state: string
  readonly reason: string
  readonly name: string
}

const ports = { slurmctld: 36_817, n1: 36_818, n2: 36_819 } as const

const configuration = (folder: string) => `ClusterName=trial
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=${ports.slurmctld}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/%n
SlurmdPidFile=${folder}/%n.pid
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdLogFile=${folder}/%n.log
SlurmctldLogFile=${folder}/slurmctld.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=${folder}/jobs.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=5,bf_interval=5
ReturnToService=2
JobRequeue=1
MaxArraySize=10001
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports.n1} CPUs=2 RealMemory=1000
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports.n2} CPUs=2 RealMemory=1000
PartitionName=usual Nodes=n1,n2 Default=YES PriorityTier=1
PartitionName=urgent Nodes=n1,n2 PriorityTier=10
`

/** Starts the daemons, and waits until both nodes are idle. */
export async function cluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'saltus-slurm-'))
  for (const name of ['munge', 'state', 'n1', 'n2']) mkdirSync(join(folder, name))
  const key = join(folder, 'key')
  writeFileSync(key, crypto.getRandomValues(new Uint8Array(128)))
  chmodSync(key, 0o400)
  chmodSync(folder, 0o755)
  const conf = join(folder, 'slurm.conf')
  writeFileSync(conf, configuration(folder))
  const env = { ...process.env, SLURM_CONF: conf }
  const daemons = new Map<string, ChildProcess>()
  const start = (name: string, command: string, args: readonly string[]) =>
    daemons.set(name, spawn(command, args, { env, stdio: 'ignore' }))
  const paths = ['socket', 'pid-file', 'log-file', 'seed-file'].map(
    name => `--${name}=${folder}/munge/${name.replace('-file', '')}`,
  )
  start('munged', 'munged', ['--foreground', '--force', `--key-file=${key}`, ...paths])
  const revive = (node: string) => start(node, 'slurmd', ['-D', '-N', node, '-d', '/usr/sbin/slurmstepd'])
  const run: Cluster['run'] = async (command, args, cwd = folder) =>
    (await promisify(execFile)(command, [...args], { env, cwd })).stdout
  await wait(1000)
  start('slurmctld', 'slurmctld', ['-D'])
  for (const node of ['n1', 'n2']) revive(node)
  async function close(): Promise<void> {
    await run('scancel', ['--user=root']).catch(() => {})
    for (const daemon of [...daemons.values()].reverse()) daemon.kill('SIGTERM')
    await wait(1000)
    for (const daemon of daemons.values()) daemon.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  for (
    let i = 0;
    (await run('sinfo', ['-hN', '-p', 'usual', '-o', '%t']).catch(() => '')) !== 'idle\nidle\n';
    i++
  ) {
    await wait(1000)
    if (i < 90) continue
    await close()
    throw new Error('Cannot start Slurm: both nodes must be idle after 90 s, got others')
  }
  return {
    folder,
    run,
    async queue() {
      const text = await run('squeue', ['-hr', '-o', '%i|%t|%r|%j'])
      const lines = text.split('\n').filter(line => line !== '')
      return lines.map(line => {
        const [id, state, reason, name] = line.split('|')
        return { id, state, reason, name }
      })
    },
    kill: node => void daemons.get(node)?.kill('SIGKILL'),
    revive,
    close,
  }
}
