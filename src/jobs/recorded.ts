/** The job of a file that came out of one, found again in its header. */
import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { openNpz } from '../formats/npz.ts'
import { type JobRecord, recordKey } from './record.ts'

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
