/** Files of the command line: read with one-line errors, written whole or not at all. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'

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
}

export function because(what: string, path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  return new Error(`Cannot ${what} ${path}: ${reasons[code] ?? `it must be possible, got ${message}`}`)
}

export function readBytes(path: string): Uint8Array {
  try {
    const { buffer, byteOffset, length } = readFileSync(path)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (error) {
    throw because('read', path, error)
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

/** Every file below a folder, names relative to it with forward slashes, in a fixed order. */
export function filesBelow(folder: string): string[] {
  try {
    return (readdirSync(folder, { recursive: true }) as string[])
      .filter(name => statSync(join(folder, name)).isFile())
      .map(name => name.split(sep).join('/'))
      .sort()
  } catch (error) {
    throw because('read', folder, error)
  }
}

/** Writes to a temporary neighbour, flushes it to the disk and renames it: readers see the old file or the new one. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.part`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(temporary, 'w')
    try {
      const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
      for (let at = 0; at < data.length; ) at += writeSync(file, data, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw because('write', path, error)
  }
}

/** Finds out now, not after an hour's work, whether a file can be written there; leaves nothing behind. */
export function demandWritable(path: string): void {
  const refuse = (code: string) => because('write', path, { code })
  if (existsSync(path) && statSync(path).isDirectory()) throw refuse('EISDIR')
  let folder = dirname(resolve(path))
  while (!existsSync(folder)) folder = dirname(folder)
  if (!statSync(folder).isDirectory()) throw refuse('ENOTDIR')
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw because('write', path, error)
  }
}
