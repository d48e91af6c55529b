/**
 * What stands in the header of every file that comes out of a job: the job itself, with what its bytes depend on. It is
 * one line of JSON, all of ASCII, wherever a format holds a text.
 */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { version } from '../base/version.ts'
import { openNpz } from '../formats/npz.ts'

export interface JobRecord {
  /** The version that ran the job. */
  readonly saltus: string
  /** Plain data: `kind` and the fields of its schema. */
  readonly job: { readonly kind: string } & Readonly<Record<string, unknown>>
  /** SHA-256 of the files that it read, by the names that the job calls them by. */
  readonly sha256: Readonly<Record<string, string>>
  /** What the numerics were: bytes are equal where it is. */
  readonly fingerprint: string
}

/** How the record is called in headers: a key, an entry of an .npz, an array of a .vti. */
export const recordKey = 'saltus'

/** Its fields stand in the order of their names: the same job is the same bytes, in whatever order it was told. */
export function jobRecord({ job: { kind, ...fields }, ...of }: Omit<JobRecord, 'saltus'>): JobRecord {
  const names = Object.keys(fields).sort()
  const job = { kind, ...Object.fromEntries(names.map(name => [name, fields[name]])) }
  return { saltus: version, job, ...of }
}

/** The record as a line. */
export const recordText = (record: JobRecord): string =>
  JSON.stringify(record).replace(
    /[^ -~]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** SHA-256 of some bytes, in hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
}

const opening = '{"saltus":"'

/** The record in the header of a file. Throws SyntaxError where there is none. */
export function recordIn(bytes: Uint8Array, name: string): JobRecord {
  demandGiven('find the job', { bytes, name }, { bytes: 'bytes', name: 'text' })
  const none = () =>
    new SyntaxError(
      cannot(`repeat ${name}`, 'the file', 'one that a job of saltus wrote', 'one without its job'),
    )
  const text = bytes[0] === 0x50 && bytes[1] === 0x4b ? fromNpz(bytes, name) : fromHeader(bytes)
  if (text === undefined) throw none()
  try {
    const record = JSON.parse(text) as JobRecord
    if (typeof record.job?.kind === 'string') return record
  } catch {}
  throw none()
}

function fromNpz(bytes: Uint8Array, name: string): string | undefined {
  const entry = openNpz(bytes, name).get(recordKey)?.()
  return typeof entry === 'string' ? entry : undefined
}

/** A record stands near the beginning of a file, or behind the pixels of a picture. */
function fromHeader(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(bytes)
  const at = text.indexOf(opening)
  if (at >= 0) return balanced(text, at)
  // VTK writes texts as the numbers of their bytes.
  const codes = [...opening].map(letter => letter.charCodeAt(0)).join(' ')
  const from = text.indexOf(`>${codes} `)
  if (from < 0) return undefined
  const numbers = text.slice(from + 1, text.indexOf('<', from)).trim()
  return String.fromCharCode(
    ...numbers
      .split(' ')
      .map(Number)
      .filter(code => code > 0),
  )
}

/** The JSON object that begins there, up to its closing brace. */
function balanced(text: string, at: number): string | undefined {
  let [depth, quoted] = [0, false]
  for (let i = at; i < text.length; i++) {
    const sign = text[i]
    if (quoted) {
      if (sign === '\\') i++
      else if (sign === '"') quoted = false
    } else if (sign === '"') quoted = true
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) return text.slice(at, i + 1)
  }
  return undefined
}
