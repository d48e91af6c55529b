/** What the site is made of: the pages of the repository, what they show, and the frame around them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { packageRoot } from '../../src/node/package-root.ts'
import { brokenLinks, type Page, pageOf, placeOf, targetOf } from './pages.ts'

/** Links to folders lead to a page. */
const folders = new Map([
  ['docs/notes', 'docs/notes/installing.md'],
  ['models', 'models/mnist.md'],
])

/** The pages in their order, by the parts of the site. */
export function parts(): Readonly<Record<string, readonly Page[]>> {
  const page = (path: string) => pageOf(path, readFileSync(join(packageRoot, path), 'utf8'), folders)
  const below = (folder: string) =>
    readdirSync(join(packageRoot, folder))
      .filter(name => name.endsWith('.md'))
      .map(name => `${folder}/${name}`)
  const main = ['README.md', 'docs/choosing.md', 'docs/studio.md', 'docs/commands.md']
  return {
    Saltus: main.map(page),
    Pages: below('docs')
      .filter(path => !main.includes(path))
      .map(page),
    Models: below('models').map(page),
    Notes: below('docs/notes').map(page),
    Project: ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'].map(page),
  }
}

/** Links of the pages that lead nowhere. */
export const broken = (pages: readonly Page[]): string[] =>
  brokenLinks(pages, { there: path => existsSync(join(packageRoot, path)), folders })

const style = `body { margin: 0; display: grid; grid-template-columns: 14rem minmax(0, 46rem); gap: 3rem; font: 16px/1.5 system-ui, sans-serif }
nav { padding: 1.5rem; font-size: .9rem; background: #f5f5f2; min-height: 100vh } nav a { display: block; color: inherit; text-decoration: none; padding: .1rem 0 }
nav a[aria-current], nav a:hover { text-decoration: underline } nav b { display: block; margin-top: 1rem } main { padding: 1.5rem 1rem 5rem }
img { max-width: 100% } pre { background: #f5f5f2; padding: .8rem; overflow-x: auto; font-size: .85rem } code { font-size: .9em }
table { border-collapse: collapse; display: block; overflow-x: auto } td, th { padding: .25rem .6rem; border-bottom: 1px solid #ddd; text-align: left }
@media (max-width: 50rem) { body { display: block } nav { min-height: 0 } }
@media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #e4e4e4 } nav, pre { background: #262626 } a { color: #8ab8ff } img { background: #fff } }`

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A page in its frame: the list of all, with the studio among them where it is built. */
function framed(page: Page, all: Readonly<Record<string, readonly Page[]>>, studio: boolean): string {
  const here = posix.dirname(placeOf(page.path))
  const link = (to: string, title: string, current = false) =>
    `<a href="${posix.relative(here, to)}"${current ? ' aria-current="page"' : ''}>${escaped(title)}</a>`
  const lists = Object.entries(all).map(([name, pages]) => {
    const links = pages.map(other => link(placeOf(other.path), other.title, other === page))
    if (studio && name === 'Saltus') links.push(link('studio/index.html', 'Open the studio'))
    return `<b>${name}</b>${links.join('')}`
  })
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(page.title)}</title>
<style>${style}</style><nav>${lists.join('')}</nav><main>${page.html}</main></html>
`
}

/** The files of the site by their names: pages, and all that these show or link to. */
export function siteFiles({ studio = false } = {}): Map<string, string | Uint8Array> {
  const all = parts()
  const pages = Object.values(all).flat()
  const files = new Map<string, string | Uint8Array>()
  for (const page of pages) {
    files.set(placeOf(page.path), framed(page, all, studio))
    for (const link of page.links) {
      const path = targetOf(page.path, link)?.path ?? ''
      if (/\.\w+$/.test(path) && !path.endsWith('.md')) files.set(path, readFileSync(join(packageRoot, path)))
    }
  }
  return files
}
