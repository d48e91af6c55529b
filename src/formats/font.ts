/**
 * Letters of 3 x 5 pixels for numbers and names under pictures: digits, A to Z, and . , x = - + / : % ? _ e τ.
 */
import { demand } from '../base/errors.ts'

// Five rows from the top, one octal digit each: 4 is the left pixel, 2 the middle one, 1 the right one.
const glyphs: Record<string, string> = {
  '0': '75557',
  '1': '26227',
  '2': '71747',
  '3': '71717',
  '4': '55711',
  '5': '74717',
  '6': '74757',
  '7': '71122',
  '8': '75757',
  '9': '75717',
  '.': '00002',
  ',': '00024',
  x: '00525',
  '=': '07070',
  '-': '00700',
  '+': '02720',
  '/': '11244',
  ':': '02020',
  '%': '51245',
  e: '02743',
  τ: '07223',
  ' ': '00000',
  A: '25755',
  B: '65656',
  C: '34443',
  D: '65556',
  E: '74647',
  F: '74644',
  G: '34553',
  H: '55755',
  I: '72227',
  J: '11152',
  K: '55655',
  L: '44447',
  M: '57755',
  N: '65555',
  O: '25552',
  P: '65644',
  Q: '25563',
  R: '65655',
  S: '34216',
  T: '72222',
  U: '55557',
  V: '55552',
  W: '55775',
  X: '55255',
  Y: '55222',
  Z: '71247',
  '?': '61202',
  _: '00007',
}

/** Height of a line in pixels of the letters. */
export const lineHeight = 5

/** Width of a text in pixels of the letters: 3 each and 1 between. */
export function textWidth(text: string): number {
  return Math.max(0, 4 * text.length - 1)
}

/**
 * Calls `dot(x, y)` for every inked pixel of a text, from its upper left corner.
 * @throws RangeError for a letter that the font does not have
 */
export function eachDot(text: string, dot: (x: number, y: number) => void): void {
  for (let i = 0; i < text.length; i++) {
    const known = Object.hasOwn(glyphs, text[i])
    demand(known, 'draw a caption', 'every letter', `one of ${Object.keys(glyphs).join('')}`, text)
    for (let y = 0; y < lineHeight; y++) {
      for (let x = 0; x < 3; x++) if (Number(glyphs[text[i]][y]) & (4 >> x)) dot(4 * i + x, y)
    }
  }
}

/** A name in these letters; what they have not becomes a question mark. */
export const lettered = (name: string): string => name.toUpperCase().replace(/[^0-9A-Z.,=+/:%_ -]/g, '?')
