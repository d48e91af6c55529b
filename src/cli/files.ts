/** Files of the command line: read with one-line errors, written whole or not at all. */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

const reasons: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
}

function because(what: string, path: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return new Error(`Cannot ${what} ${path}: ${reasons[code] ?? (code || String(error))}`)
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

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Every file below a folder, names relative to it with forward slashes, in a fixed order. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
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

/** Finds out now, not after an hour's work, whether a file can be written there. */
export function demandWritable(path: string): void {
  const probe = `${path}.${process.pid}.probe`
  try {
    mkdirSync(dirname(path), { recursive: true })
    closeSync(openSync(probe, 'w'))
  } catch (error) {
    throw because('write', path, error)
  } finally {
    rmSync(probe, { force: true })
  }
}
