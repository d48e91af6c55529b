/** The sources as the tests of the house see them: their text, and what imports what. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

const root = new URL('../', import.meta.url)

/** Every TypeScript file of these folders, by its path from the root of the repository. */
export function sources(...folders: string[]): Map<string, string> {
  const files = new Map<string, string>()
  for (const folder of folders) {
    const names = readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    for (const name of names.map(name => name.replaceAll('\\', '/')).sort()) {
      if (/\.[tj]s$/.test(name)) {
        const path = `${folder}/${name}`
        files.set(path, readFileSync(new URL(path, root), 'utf8'))
      }
    }
  }
  return files
}

/** What a file imports or hands on, types included: modules as written, relative ones as paths from the root. */
export function importsOf(path: string, text: string): string[] {
  const statements = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?'([^']+)'/gm
  const calls = /\b(?:import|new URL)\('([^']+)'/g
  const named = [...text.matchAll(statements), ...text.matchAll(calls)].map(match => match[1])
  return named.map(name => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name))
}

/** The text without comments and without what stands in quotes. */
export function codeOf(text: string): string {
  const hidden = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return text.replace(hidden, match => (match.startsWith('/') ? ' ' : "''"))
}

/** All files that one reaches through its imports, itself included, and the modules from outside. */
export function reachable(
  from: string,
  files: ReadonlyMap<string, string>,
): { files: Set<string>; modules: Set<string> } {
  const found = { files: new Set<string>(), modules: new Set<string>() }
  const visit = (path: string) => {
    if (found.files.has(path)) return
    found.files.add(path)
    for (const name of importsOf(path, files.get(path) ?? '')) {
      if (files.has(name)) visit(name)
      else found.modules.add(name)
    }
  }
  visit(from)
  return found
}

/** A round of imports that leads back to where it began, or undefined. */
export function cycle(files: ReadonlyMap<string, string>): string[] | undefined {
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): string[] | undefined => {
    const at = way.indexOf(path)
    if (at >= 0) return [...way.slice(at), path]
    if (done.has(path) || !files.has(path)) return undefined
    for (const name of importsOf(path, files.get(path) ?? '')) {
      const round = visit(name, [...way, path])
      if (round) return round
    }
    done.add(path)
    return undefined
  }
  for (const path of files.keys()) {
    const round = visit(path, [])
    if (round) return round
  }
  return undefined
}
