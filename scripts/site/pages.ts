/** Pages of Markdown as pages of HTML: headings with names, links between pages, and what is wrong with them. */
import { posix } from 'node:path'
import MarkdownIt from 'markdown-it'

export interface Page {
  /** Where it lies in the repository, with forward slashes. */
  readonly path: string
  readonly title: string
  /** The inner part of the page. */
  readonly html: string
  /** What its headings are called behind a #. */
  readonly anchors: ReadonlySet<string>
  /** Where its links and pictures lead to, as they are written. */
  readonly links: readonly string[]
}

/** What a heading is called, as GitHub does. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-')

/** The page of the site for a file of the repository: `docs/scale.md` is `docs/scale.html`, the README the first. */
export const placeOf = (path: string): string =>
  path === 'README.md' ? 'index.html' : path.replace(/\.md$/, '.html')

/** What a link of a page leads to in the repository; undefined for other places. */
export function targetOf(
  page: string,
  link: string,
): { readonly path: string; readonly anchor?: string } | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined
  const [file, anchor] = link.split('#')
  return { path: file === '' ? page : posix.normalize(posix.join(posix.dirname(page), file)), anchor }
}

/** Turns a page of Markdown; links to folders lead to what `folders` names. */
export function pageOf(path: string, text: string, folders: ReadonlyMap<string, string> = new Map()): Page {
  const markdown = new MarkdownIt({ html: true })
  const anchors = new Set<string>()
  const links: string[] = []
  let title = path
  const moved = (link: string) => {
    links.push(link)
    const target = targetOf(path, link)
    if (!target) return link
    const file = placeOf(folders.get(target.path) ?? target.path)
    const name = posix.relative(posix.dirname(placeOf(path)), file)
    return `${name}${target.anchor === undefined ? '' : `#${target.anchor}`}`
  }
  const tokens = markdown.parse(text, {})
  tokens.forEach((token, i) => {
    for (const inner of token.children ?? [])
      for (const name of ['href', 'src']) {
        const link = inner.attrGet(name)
        if (link !== null) inner.attrSet(name, moved(link))
      }
    if (token.type !== 'heading_open') return
    const heading = tokens[i + 1].children?.map(({ content }) => content).join('') ?? ''
    if (anchors.size === 0) title = heading
    let [slug, times] = [slugOf(heading), 0]
    while (anchors.has(slug)) slug = `${slugOf(heading)}-${++times}`
    anchors.add(slug)
    token.attrSet('id', slug)
  })
  return { path, title, html: markdown.renderer.render(tokens, markdown.options, {}), anchors, links }
}

/** Links that lead nowhere, each with its page. */
export function brokenLinks(
  pages: readonly Page[],
  {
    there,
    folders = new Map(),
  }: { there(path: string): boolean; readonly folders?: ReadonlyMap<string, string> },
): string[] {
  const known = new Map(pages.map(page => [page.path, page]))
  return pages.flatMap(({ path, links }) =>
    links
      .filter(link => {
        const target = targetOf(path, link)
        if (!target) return false
        const file = folders.get(target.path) ?? target.path
        const page = known.get(file)
        if (!page && !there(file)) return true
        return target.anchor !== undefined && !page?.anchors.has(target.anchor)
      })
      .map(link => `${path}: ${link}`),
  )
}
