import { describe, expect, it } from 'vitest'
import { cannot, shown } from '../../src/base/errors.ts'

describe('errors', () => {
  it('are one line, whatever stands in a name', () => {
    expect(cannot('read a\nb', 'the\tsize', '1', 'x\u2028y')).toBe(
      'Cannot read a?b: the?size must be 1, got "x?y"',
    )
  })

  it('show both ends of what is long, and what is short as it is', () => {
    const long = `begin${'-'.repeat(100_000)}end`
    const message = cannot(`read ${long}`, long, 'short', long)
    expect(message.length).toBeLessThan(1000)
    expect(message).toMatch(/^Cannot read begin-+…-+end: begin-+…-+end must be short, got "begin-+…-+end"$/)
    expect(shown('a'.repeat(300))).toBe(`"${'a'.repeat(300)}"`)
    expect(shown(new Array(100_000).fill(1)).length).toBeLessThan(400)
  })
})
