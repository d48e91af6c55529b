/**
 * `npm run surface`: all that a program can import from the package, with the calls of its functions, as docs/surface.md.
 * Read from the compiled types; a test compares what is committed, so that nothing public changes unseen.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../src/node/package-root.ts'

/** The compiled types of a module, without comments. */
const typesOf = (path: string) =>
  readFileSync(path.replace(/(?:\.d)?\.[jt]s$/, '.d.ts'), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')

/** A declaration from its place on, to its end: where a bracket that it opens is closed, or a semicolon stands. */
function declarationAt(text: string, at: number): string {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if ('({[<'.includes(text[i])) depth++
    else if (')}]'.includes(text[i]) || (text[i] === '>' && text[i - 1] !== '=')) depth--
    if (
      depth === 0 &&
      (text[i] === ';' || (text[i] === '}' && /^export (?:interface|declare class)/.test(text.slice(at))))
    )
      return text.slice(at, i + 1)
  }
  return text.slice(at)
}

/** What a name is: the call of a function, the type of a value; of types the kind alone, for they are read in the editor. */
function kindOf(path: string, name: string): string {
  const text = typesOf(path)
  const declared = new RegExp(
    `^export (?:declare )?(?:abstract )?(async function|function|const|class|interface|type) ${name}\\b`,
    'm',
  ).exec(text)
  if (declared) {
    const [, kind] = declared
    if (kind !== 'function' && kind !== 'const') return `${kind} ${name}`
    const words = declarationAt(text, declared.index)
      .replace(/^export declare /, '')
      .replace(/\s+/g, ' ')
    return words.length > 240 ? `${words.slice(0, 237)}...` : words
  }
  for (const { names, from } of passedOn(text)) {
    const found = names.find(one => one.as === name)
    if (found) return kindOf(join(dirname(path), from), found.name)
  }
  for (const [, from] of text.matchAll(/^export \* from '([^']+)'/gm)) {
    const found = kindOf(join(dirname(path), from), name)
    if (!found.startsWith('?')) return found
  }
  return `? ${name}`
}

interface Passed {
  readonly names: readonly { readonly name: string; readonly as: string }[]
  readonly from: string
}

/** The names that a module hands on from others. */
function passedOn(text: string): Passed[] {
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)].map(([, list, from]) => ({
    from,
    names: list
      .split(',')
      .map(part => part.trim().replace(/^type /, ''))
      .filter(part => part !== '')
      .map(part => {
        const [name, as = name] = part.split(' as ')
        return { name, as }
      }),
  }))
}

/** All that a module gives, a line each, in the order of the names. */
function linesOf(path: string, prefix = ''): string[] {
  const text = typesOf(path)
  const lines = passedOn(text).flatMap(({ names, from }) =>
    names.map(({ name, as }) => [`${prefix}${as}`, kindOf(join(dirname(path), from), name)] as const),
  )
  const own = [
    ...text.matchAll(/^export (?:declare )?(?:async )?(?:function|const|class|interface|type) (\w+)/gm),
  ]
  const all = [...lines, ...own.map(([, name]) => [`${prefix}${name}`, kindOf(path, name)] as const)]
  const spaces = [...text.matchAll(/^export \* as (\w+) from '([^']+)'/gm)].flatMap(([, name, from]) =>
    linesOf(join(dirname(path), from), `${prefix}${name}.`),
  )
  return [...all.map(([name, kind]) => `${name}: ${kind}`), ...spaces].sort()
}

/** The page. */
export function surfacePage(): string {
  const { exports } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    exports: Record<string, { types?: string }>
  }
  const modules = Object.entries(exports).filter(
    ([, { types }]) => types && existsSync(join(packageRoot, types)),
  )
  const sections = modules.map(([name, { types = '' }]) => {
    const lines = linesOf(join(packageRoot, types))
    return `## ${name.replace('.', 'saltus')}\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`
  })
  return `# The public surface\n\nWhat a program can import, made by \`npm run surface\` from the compiled types.\n\n${sections.join('\n')}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(surfacePage())
