/**
 * `npm run sbom`: sbom.json, what comes with an installed saltus, as CycloneDX 1.5 has it. Read from package-lock.json, so that
 * it is the same for everybody; a test compares what is committed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../src/node/package-root.ts'

interface Locked {
  readonly version: string
  readonly license?: string
  /** `sha512-` and the hash in base 64. */
  readonly integrity?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
  readonly peer?: boolean
}

const read = (name: string) => JSON.parse(readFileSync(join(packageRoot, name), 'utf8'))

const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`

/** Of SPDX's list, an expression of several, or a sentence that says where it stands. */
function licenceOf(license: string) {
  if (license.startsWith('SEE ')) return { license: { name: license } }
  return /[ ()]/.test(license) ? { expression: license } : { license: { id: license } }
}

function componentOf(name: string, { version, license, integrity, optional }: Locked) {
  const [, hash] = /^sha512-(.+)$/.exec(integrity ?? '') ?? []
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    ...{ name, version, scope: optional ? 'optional' : 'required', purl: purl(name, version) },
    ...(hash && { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }),
    ...(license && { licenses: [licenceOf(license)] }),
  }
}

/** The file as text. */
export function sbom(): string {
  const { name, version, license } = read('package.json')
  const locked = Object.entries(read('package-lock.json').packages as Record<string, Locked>)
  const components = locked
    .filter(([path, { dev, devOptional, peer }]) => path !== '' && !dev && !devOptional && !peer)
    .map(([path, of]) => componentOf(path.split('node_modules/').at(-1) as string, of))
  const own = { type: 'library', 'bom-ref': `${name}@${version}`, name, version, purl: purl(name, version) }
  const metadata = { component: { ...own, licenses: [{ license: { id: license } }] } }
  const bom = { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, metadata, components }
  return `${JSON.stringify(bom, null, 2)}\n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(join(packageRoot, 'sbom.json'), sbom())
