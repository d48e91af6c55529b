// The site: every page of the repository, with links that lead somewhere.
import { describe, expect, it } from 'vitest'
import { brokenLinks, pageOf, slugOf } from '../../scripts/site/pages.ts'
import { broken, parts, siteFiles } from '../../scripts/site/site.ts'

describe('the site', () => {
  const pages = Object.values(parts()).flat()

  it('has no link, picture or anchor that leads nowhere', () => {
    expect(pages.length).toBeGreaterThan(25)
    expect(pages.reduce((sum, { links }) => sum + links.length, 0)).toBeGreaterThan(60)
    expect(broken(pages)).toEqual([])
  })

  it('has in its pages links to pages and pictures that are files of it', () => {
    const files = siteFiles({ studio: true })
    const wrong: string[] = []
    for (const [name, text] of files)
      for (const [, link] of typeof text === 'string' ? text.matchAll(/(?:href|src)="([^"]+)"/g) : []) {
        if (/^[a-z]+:/.test(link)) continue
        const { pathname } = new URL(link, `http://site/${name}`)
        if (!files.has(pathname.slice(1)) && pathname !== '/studio/index.html') wrong.push(`${name}: ${link}`)
      }
    expect(wrong).toEqual([])
    expect(String(files.get('index.html'))).toContain('<a href="studio/index.html">Open the studio</a>')
    expect(String(files.get('docs/scale.html'))).toContain('<h2 id="shards">Shards</h2>')
  })

  it('sees links that lead nowhere', () => {
    const there = (path: string) => path === 'LICENSE'
    const text =
      '# One\n[a](b.md#two) [c](b.md#three) [d](gone.md) [e](LICENSE) [f](#one) ![g](g.png) [h](https://example.org)'
    const two = [pageOf('a.md', text), pageOf('b.md', '## Two')]
    expect(brokenLinks(two, { there })).toEqual(['a.md: b.md#three', 'a.md: gone.md', 'a.md: g.png'])
    expect(two[0].html).toContain('<h1 id="one">One</h1>')
    expect(two[0].html).toContain('href="b.html#two"')
    expect(slugOf('What `saltus` is: an example')).toBe('what-saltus-is-an-example')
  })
})
