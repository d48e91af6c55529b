/**
 * `npm run models`: models/index.json, the versions and hashes of the shipped models. Bytes that change are a new version of
 * their model, and the old one stays listed: whoever has its samples can tell what they came from.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../src/node/package-root.ts'

/** One version of a model's file. */
export interface Version {
  readonly version: number
  readonly sha256: string
  readonly bytes: number
}

export type ModelIndex = Readonly<Record<string, readonly Version[]>>

const folder = join(packageRoot, 'models')
const path = join(folder, 'index.json')

export const readIndex = (): ModelIndex => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {})

/** The index with the files as they are: those with other bytes than their last version as the next. */
export function indexNow(before: ModelIndex): ModelIndex {
  const names = readdirSync(folder).filter(name => name.endsWith('.onnx'))
  const now = names.map(name => {
    const bytes = readFileSync(join(folder, name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const known = before[name] ?? []
    const next = { version: known.length + 1, sha256, bytes: bytes.length }
    return [name, known.at(-1)?.sha256 === sha256 ? known : [...known, next]] as const
  })
  // Models that are no longer shipped stay listed.
  const all = { ...before, ...Object.fromEntries(now) }
  return Object.fromEntries(
    Object.keys(all)
      .sort()
      .map(name => [name, all[name]]),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(path, `${JSON.stringify(indexNow(readIndex()), null, 2)}\n`)
