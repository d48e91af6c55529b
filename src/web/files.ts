/** The files of a page: what was dropped on it or fetched, by name. */
import { cannot } from '../base/errors.ts'
import { type Files, type ModelBytes, nameOf, stemOf } from '../jobs/files.ts'

/** Bytes by their names; forward slashes make folders of them: `rock/001.png`. */
export type Held = Readonly<Record<string, Uint8Array>>

/** What jobs read of a page. There is nothing to wait for: what is not at hand must be fetched before. */
export function pageFiles(held: Held = {}): Files {
  const read = (path: string): Uint8Array => {
    if (Object.hasOwn(held, path)) return held[path]
    const names = Object.keys(held)
    const wanted = names.length === 0 ? 'given with `files`' : `one of ${names.slice(0, 20).join(', ')}`
    throw new Error(cannot(`read ${path}`, 'its name', wanted, path))
  }
  return {
    read,
    below(path) {
      if (Object.hasOwn(held, path)) return undefined
      const folder = path.endsWith('/') ? path : `${path}/`
      const inside = Object.keys(held).filter(name => name.startsWith(folder))
      if (inside.length === 0) read(path)
      return inside.map(name => name.slice(folder.length)).sort()
    },
    model: name => modelOf(read(name), name),
  }
}

/** A model's bytes, called as its file is. */
export const modelOf = (bytes: Uint8Array, path: string): ModelBytes => ({
  name: stemOf(nameOf(path)),
  file: nameOf(path),
  bytes,
})

/** Fetches a file. @throws Error of one line where it does not come, Cancelled by the signal's reason as `fetch` has it */
export async function fetched(url: string | URL, signal?: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(url, { signal })
  if (!answer.ok) throw new Error(cannot(`fetch ${url}`, 'the answer', '200 OK', answer.status))
  return new Uint8Array(await answer.arrayBuffer())
}
