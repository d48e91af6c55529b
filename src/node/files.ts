/** Files of the command line: read with one-line errors, written whole or not at all. */
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { bytesText } from '../formats/budget.ts'

/** What the path must be, and what it is. */
const reasons: Record<string, string> = {
  ENOENT: 'it must be there, got nothing',
  EACCES: 'it must be permitted, got no permission',
  EPERM: 'it must be permitted, got no permission',
  EISDIR: 'it must be a file, got a folder',
  ENOTDIR: 'every part of its path must be a folder, got a file',
  ENAMETOOLONG: 'its name must be shorter, got one that is too long',
  EROFS: 'the file system must be writable, got one that is read-only',
  ENOSPC: 'the file system must have space left, got none',
  ELOOP: 'its links must lead to a file, got a circle',
  EMFILE: 'fewer files must be open, got too many',
}

export function because(what: string, path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  const told = `Cannot ${what} ${path}: ${reasons[code] ?? `it must be possible, got ${message}`}`
  return new Error(told, { cause: error })
}

/** Node reads no more at once. */
const mostBytes = 2 ** 31 - 1

export function readBytes(path: string): Uint8Array {
  try {
    const { size } = statSync(path)
    if (size > mostBytes) {
      const wanted = 'below 2 GiB (cut it into several, store smaller numbers, or pack it with gzip)'
      throw new RangeError(`Cannot read ${path}: the file must be ${wanted}, got ${bytesText(size)}`)
    }
    const { buffer, byteOffset, length } = readFileSync(path)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (error) {
    throw error instanceof RangeError ? error : because('read', path, error)
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw because('read', path, error)
  }
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

/** This machine among those that may share a folder. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** A neighbour that is written to: `.saltus-HOST-PID-RANDOM.part`, short whatever the file is called. */
const partName = /^\.saltus-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.part$/
const partOf = (folder: string) =>
  join(folder, `.saltus-${host}-${process.pid}-${randomBytes(6).toString('hex')}.part`)

/**
 * Writes to a new neighbour, flushes it to the disk and renames it: readers see the old file or the new one. A link
 * stays one, and what it leads to is written; a file keeps its mode; devices and pipes are written to as they are.
 * Bytes may come in pieces, each made when the one before it is written.
 */
export function writeWhole(path: string, bytes: Uint8Array | string | Iterable<Uint8Array>): void {
  const data = typeof bytes === 'string' ? [Buffer.from(bytes)] : ArrayBuffer.isView(bytes) ? [bytes] : bytes
  let temporary: string | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    const target = targetOf(path)
    const before = statOf(target)
    if (before && !before.isFile() && !before.isDirectory()) {
      put(openSync(target, 'w'), data)
      return
    }
    if (before) demandMode(path, before)
    removeDead(dirname(target))
    temporary = partOf(dirname(target))
    const file = openSync(temporary, 'wx')
    put(file, data, { mode: before?.mode, flush: true })
    renameSync(temporary, target)
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true })
    throw ours(error) ? error : because('write', path, error)
  }
}

/** Errors that are told already. */
const ours = (error: unknown) =>
  error instanceof RangeError || error instanceof SyntaxError || /^Cannot /.test((error as Error).message)

function put(
  file: number,
  data: Iterable<Uint8Array>,
  { mode, flush = false }: { mode?: number; flush?: boolean } = {},
): void {
  try {
    if (mode !== undefined) fchmodSync(file, mode & 0o7777)
    for (const piece of data) for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at)
    if (flush) fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

/** What links lead to, also where nothing is there yet. */
function targetOf(path: string): string {
  let target = path
  for (let links = 0; lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink(); links++) {
    if (links > 40) throw Object.assign(new Error('too many links'), { code: 'ELOOP' })
    target = resolve(dirname(target), readlinkSync(target))
  }
  return target
}

/** Who made a file read-only does not want it replaced. */
function demandMode(path: string, { mode }: Stats): void {
  if ((mode & 0o222) !== 0) return
  const got = `mode ${(mode & 0o777).toString(8)}`
  throw new RangeError(`Cannot write ${path}: the file must be writable, got ${got}`)
}

/** Removes what was left by writers of this machine that were killed: of others nobody knows here whether they live. */
function removeDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, of, number = 0] = partName.exec(name) ?? []
    const pid = Number(number)
    if (of === host && pid > 0 && pid !== process.pid && !alive(pid))
      rmSync(join(folder, name), { force: true })
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Longest name of a file, in bytes, of the file systems in use. */
const longestName = 255

/** Finds out now, not after an hour's work, whether a file can be written there; leaves nothing behind. */
export function demandWritable(path: string): void {
  const refuse = (code: string) => because('write', path, { code })
  for (const part of resolve(path).split(/[\\/]/))
    if (Buffer.byteLength(part) > longestName) throw refuse('ENAMETOOLONG')
  let target = path
  try {
    target = targetOf(path)
  } catch (error) {
    throw because('write', path, error)
  }
  const there = statOf(target)
  if (there?.isDirectory()) throw refuse('EISDIR')
  if (there && !there.isFile()) return
  if (there) demandMode(path, there)
  let folder = dirname(resolve(target))
  while (!existsSync(folder)) folder = dirname(folder)
  if (!statSync(folder).isDirectory()) throw refuse('ENOTDIR')
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    const probe = partOf(folder)
    closeSync(openSync(probe, 'wx'))
    rmSync(probe)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A folder that is there but takes no files, like /proc.
    if (code === 'ENOENT')
      throw new Error(
        `Cannot write ${path}: its folder must take new files, got ${basename(folder) || '/'}, which does not`,
      )
    throw because('write', path, error)
  }
}
