/** Where jobs find their files: a folder of a machine, or what was dropped on a page. */

/** A model's file. */
export interface ModelBytes {
  /** What it is called, without the file's ending. */
  readonly name: string
  /** The name of the file, for errors. */
  readonly file: string
  readonly bytes: Uint8Array
}

export interface Files {
  /** The bytes of a file. Throws an Error of one line where there is none. */
  read(path: string): Uint8Array
  /** The names of all files below a folder, relative to it with forward slashes, in a fixed order; undefined for a file. */
  below(path: string): readonly string[] | undefined
  /** A model's file, by its path or by the name of one that is shipped, and what it is called. */
  model(name: string): ModelBytes
}

/** The last part of a path, and what is before it. */
export const nameOf = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter(part => part !== '')
    .at(-1) ?? path

/** A file beside another, or in a folder. */
export const joined = (folder: string, name: string): string =>
  folder === '' || /[\\/]$/.test(folder) ? `${folder}${name}` : `${folder}/${name}`

/** The folder of a path; empty where it has none. */
export const folderOf = (path: string): string => path.slice(0, path.length - nameOf(path).length)

/** The ending of a name in lower case, with its dot: `.png`. */
export const endingOf = (path: string): string => /\.[^.\\/]*$/.exec(path)?.[0].toLowerCase() ?? ''

/** The name without its ending. */
export const stemOf = (path: string): string => path.slice(0, path.length - endingOf(path).length)

/** Files that are held in memory, before those of another place. */
export function withFiles(files: Files, held: Readonly<Record<string, Uint8Array>>): Files {
  return {
    ...files,
    read: path => (Object.hasOwn(held, path) ? held[path] : files.read(path)),
    below: path => (Object.hasOwn(held, path) ? undefined : files.below(path)),
  }
}

/** A file to be written. */
export interface OutFile {
  readonly name: string
  readonly bytes: Uint8Array
}
