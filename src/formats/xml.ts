/**
 * The tags of an XML text, one after the other: as much of XML as headers of files use, in one pass whatever the text.
 */

export interface Tag {
  /** Without its namespace. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** `</name>` */
  readonly closing: boolean
  /** `<name/>` */
  readonly empty: boolean
  /** Where the text behind it begins. */
  readonly end: number
}

/** What is skipped as a whole, from its first letters to its last ones. */
const skipped: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
]

/** Goes through all tags; ends quietly where the text does, or where a tag has no end. */
export function* tags(text: string): Generator<Tag, void> {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skip = skipped.find(([start]) => text.startsWith(start, at))
    if (skip) {
      const end = text.indexOf(skip[1], at + skip[0].length)
      if (end < 0) return
      at = end + skip[1].length
      continue
    }
    const end = endOf(text, at)
    if (end < 0) return
    yield tagOf(text.slice(at + 1, end), end + 1)
    at = end + 1
  }
}

/** Where the tag that begins there ends: a `>` outside quotes. */
function endOf(text: string, start: number): number {
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const letter = text[at]
    if (quote) {
      if (letter === quote) quote = ''
    } else if (letter === '>') return at
    else if (letter === '"' || letter === "'") quote = letter
  }
  return -1
}

function tagOf(inside: string, end: number): Tag {
  const closing = inside.startsWith('/')
  const empty = inside.endsWith('/')
  const body = inside.slice(closing ? 1 : 0, empty ? -1 : undefined)
  const blank = body.search(/\s/)
  const name = blank < 0 ? body : body.slice(0, blank)
  return {
    name: name.slice(name.indexOf(':') + 1),
    attributes: attributesOf(body, blank),
    closing,
    empty,
    end,
  }
}

/** `key="value"` or `key='value'`, the values with their letters as they are meant. */
function attributesOf(body: string, from: number): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = from; at >= 0; ) {
    const equals = body.indexOf('=', at)
    if (equals < 0) break
    const quote = body[equals + 1]
    const end = quote === '"' || quote === "'" ? body.indexOf(quote, equals + 2) : -1
    if (end < 0) break
    const key = body.slice(at, equals).trim()
    if (!found.has(key)) found.set(key, letters(body.slice(equals + 2, end)))
    at = end + 1
  }
  return found
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Letters by their numbers or names, like &#181; for µ. */
export function letters(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,4});/gi, (whole, code: string) => {
    if (code[0] !== '#') return named[code] ?? whole
    const point = code[1] === 'x' ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1))
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
