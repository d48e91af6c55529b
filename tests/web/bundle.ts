/** The web entry as a bundler makes it, and a Chromium that is shown it. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type OutputChunk, rolldown } from 'rolldown'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Bundle {
  /** Code by the name of its file. */
  readonly files: ReadonlyMap<string, string>
  /** Names of the files that are loaded with the entry. */
  readonly first: ReadonlySet<string>
  /** Sources that are in them. */
  readonly sources: readonly string[]
}

/** Bundles src/web.ts for browsers, the runtime left out. */
export async function bundled(): Promise<Bundle> {
  const build = await rolldown({
    input: join(root, 'src/web.ts'),
    platform: 'browser',
    external: /^onnxruntime/,
    cwd: root,
  })
  const { output } = await build.generate({ format: 'esm', minify: true, entryFileNames: 'web.js' })
  await build.close()
  const chunks = new Map(
    output.filter((file): file is OutputChunk => file.type === 'chunk').map(chunk => [chunk.fileName, chunk]),
  )
  const first = new Set<string>()
  const visit = (name: string) => {
    const chunk = chunks.get(name)
    if (!chunk || first.has(name)) return
    first.add(name)
    chunk.imports.forEach(visit)
  }
  visit('web.js')
  return {
    files: new Map([...chunks].map(([name, { code }]) => [name, code])),
    first,
    sources: [...first].flatMap(name =>
      Object.keys(chunks.get(name)?.modules ?? {}).map(path => path.replace(root, '')),
    ),
  }
}

/** Bytes of files, each packed by gzip as a server would. */
export const packedSize = (bundle: Bundle, names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(bundle.files.get(name) ?? '').length, 0)

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

/** Serves files and folders by the beginning of their paths on this machine, with the headers that isolate a page. */
export async function served(
  files: (path: string) => string | Uint8Array | undefined,
  { isolated = true } = {},
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const body = files(path)
    response.writeHead(body === undefined ? 404 : 200, {
      'Content-Type': types[extname(path) || '.html'] ?? 'application/octet-stream',
      ...(isolated && {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }),
    })
    response.end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/`, server }
}

/** A file below the root of the repository. */
export const fileAt = (path: string): Uint8Array | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined

/** Debian's browser, or the one that the variable names. */
export const chromium = [process.env.CHROMIUM ?? '', '/usr/bin/chromium'].find(path => existsSync(path))
