/**
 * What stands in the header of every file that comes out of a job: the job itself, with what its bytes depend on. It is
 * one line of JSON, all of ASCII, wherever a format holds a text.
 */

import { version } from '../base/version.ts'

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
