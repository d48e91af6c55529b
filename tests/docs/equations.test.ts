// The address book of equations against the sources that cite it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const book = readFileSync(join(root, 'docs/equations.md'), 'utf8')

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.ts'),
)

describe('docs/equations.md', () => {
  it('lists every equation and algorithm of the two papers that a comment cites', () => {
    const cited = sources.flatMap(name => {
      const text = readFileSync(join(root, 'src', name), 'utf8')
      return [...text.matchAll(/(?:DSD|Blackout) (?:eq\. \(\d+\)|alg\. \d+)/g)].map(match => match[0])
    })
    expect(new Set(cited).size).toBeGreaterThan(0)
    for (const equation of new Set(cited)) expect(book, equation).toContain(equation)
  })

  it('names only files that exist', () => {
    const named = [...book.matchAll(/`(src\/[^`]+)`/g)].map(match => match[1])
    expect(named.length).toBeGreaterThan(20)
    for (const path of named) expect(existsSync(join(root, path)), path).toBe(true)
  })
})
