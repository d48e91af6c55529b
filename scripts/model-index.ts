/**
 * `npm run models`: models/index.json, the versions and hashes of the shipped models. Bytes that change are a new version of
 * their model, and the old one stays listed: whoever has its samples can tell what they came from. Beside each stands the hash
 * of a sample, which a test draws again: by WebAssembly, whose bytes are the same on every machine.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decodeModel } from '../src/formats/onnx.ts'
import { open } from '../src/node/open.ts'
import { packageRoot } from '../src/node/package-root.ts'

/** One version of a model's file. */
export interface Version {
  readonly version: number
  readonly sha256: string
  readonly bytes: number
  /** SHA-256 of a sample of one call as .npy; of what draws nothing none. */
  readonly sample?: string
}

export type ModelIndex = Readonly<Record<string, readonly Version[]>>

const folder = join(packageRoot, 'models')
const path = join(folder, 'index.json')

export const readIndex = (): ModelIndex => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {})

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The hash of a sample of a shipped model, `mnist.onnx`: one image by one call, seed 1. Undefined for what draws nothing. */
export async function sampleOf(name: string): Promise<string | undefined> {
  const bytes = readFileSync(join(folder, name))
  const { process } = JSON.parse(decodeModel(bytes, name).metadata.saltus ?? '{}')
  // A bridge goes from an image, and what keeps to blocks from their sums.
  if (!process || process.kind === 'bridge' || process.within !== undefined) return undefined
  const model = await open(bytes)
  const samples = await model.generate({ count: 1, calls: 1, seed: 1, device: 'wasm', workers: 1 })
  const [{ bytes: sample }] = await samples.files('sample.npy')
  return hashOf(sample)
}

/** The index with the files as they are: those with other bytes than their last version as the next. */
export function indexNow(before: ModelIndex): ModelIndex {
  const names = readdirSync(folder).filter(name => name.endsWith('.onnx'))
  const now = names.map(name => {
    const bytes = readFileSync(join(folder, name))
    const sha256 = hashOf(bytes)
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

/** Adds the samples of the versions that are shipped and lack one. */
async function withSamples(index: ModelIndex): Promise<ModelIndex> {
  const all = { ...index }
  for (const [name, versions] of Object.entries(index)) {
    const last = versions.at(-1)
    if (!last || last.sample || !existsSync(join(folder, name))) continue
    const sample = await sampleOf(name)
    if (sample) all[name] = [...versions.slice(0, -1), { ...last, sample }]
  }
  return all
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(path, `${JSON.stringify(await withSamples(indexNow(readIndex())), null, 2)}\n`)
