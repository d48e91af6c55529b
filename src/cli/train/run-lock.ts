/** The lock of a run's folder: which process trains in it, and when that process began. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { because } from '../../node/files.ts'

/**
 * Makes the folder this process's own; returns how it lets go. The lock appears with its content, so nobody ever reads half
 * of it; one whose process is gone is taken away. Throws an Error of one line where another process trains there.
 */
export function lock(folder: string): () => void {
  const path = join(folder, 'lock')
  const own = holderOf(process.pid)
  try {
    mkdirSync(folder, { recursive: true })
    for (;;) {
      if (made(path, own)) break
      const held = read(path)
      if (held === undefined) continue
      if (alive(held)) throw busy(folder, held)
      takeAway(path, held)
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === undefined ? error : because('lock', folder, error)
  }
  return () => {
    if (read(path) === own) rmSync(path, { force: true })
  }
}

function busy(folder: string, held: string): Error {
  const got = `${folder}, where process ${held.split(' ')[0]} is at work (or delete ${join(folder, 'lock')})`
  return new Error(`Cannot train: --out must be a folder in which no other training is under way, got ${got}`)
}

/** Writes the lock unless there is one: with all of its content at once. */
function made(path: string, content: string): boolean {
  const draft = `${path}-${process.pid}.part`
  writeFileSync(draft, content)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    return written(path, content)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The same where the file system knows no links. */
function written(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** How long another process may take to take a dead lock away before it is thought dead itself, in milliseconds. */
const patience = 2000

/**
 * Takes a dead lock away. Who links it to a second name, which says what is to be taken, may do so: nobody else can meanwhile, and
 * while the lock is there no fresh one can come. A fresh one that was linked by mistake is left alone.
 */
function takeAway(path: string, dead: string): void {
  const guard = `${path}-${dead.trim().replace(/\W+/g, '-')}-dead.part`
  try {
    linkSync(path, guard)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    if (code !== 'EEXIST') {
      takeAside(path, dead)
      return
    }
    const since = statSync(guard, { throwIfNoEntry: false })?.ctimeMs ?? Date.now()
    if (Date.now() - since > patience) rmSync(guard, { force: true })
    return
  }
  if (read(guard) === dead) rmSync(path, { force: true })
  rmSync(guard, { force: true })
}

/** The same where the file system knows no links; a fresh lock that another process has put there meanwhile is put back. */
function takeAside(path: string, dead: string): void {
  const aside = `${path}-${process.pid}-dead.part`
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = read(aside)
  if (taken !== undefined && taken !== dead) made(path, taken)
  rmSync(aside, { force: true })
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** What a lock says of a process: its number, and when it began where the system tells. */
const holderOf = (pid: number): string => `${[pid, statusOf(pid)?.began].join(' ').trim()}\n`

/** Whether the process that a lock names is there: the same one, not another of its number, and not a dead one's remains. */
function alive(held: string): boolean {
  const [pid, began] = held.trim().split(' ')
  if (!/^[1-9]\d*$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    // It is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const status = statusOf(Number(pid))
  if (status?.dead) return false
  // Without a beginning a lock of this very number is one that another process has left.
  return status && began !== undefined ? status.began === began : Number(pid) !== process.pid
}

/** When a process began, and whether it is only waiting to be reaped; undefined where the system does not tell. */
function statusOf(pid: number): { began: string; dead: boolean } | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  // proc(5): the name, in brackets, may hold anything; behind it are the state, and 18 fields on when it began.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { began: fields[19], dead: 'ZX'.includes(fields[0]) }
}
