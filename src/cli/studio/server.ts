/** Serves a folder of static files to this machine alone, with the headers that isolate its pages. */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { basename, extname, join, normalize, sep } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
}

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** Names of this machine: a page of another name that leads here is refused. */
const own = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/** Where a file lies that is not in the folder, by its name without what is hashed into it; undefined: nowhere. */
export type Elsewhere = (name: string) => string | undefined

/** A server of the files below `folder`; it listens when it is told to. */
export function studioServer(folder: string, elsewhere: Elsewhere = () => undefined): Server {
  return createServer((request, response) => {
    if (!own.test(request.headers.host ?? '')) return refuse(response, 403)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
    const path = found(fileOf(folder, request), elsewhere)
    const file = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })
    if (path === undefined || !file?.isFile()) return refuse(response, 404)
    response.writeHead(200, {
      ...headers,
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Content-Length': file.size,
      // Names of assets tell what they hold.
      'Cache-Control': request.url?.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    })
    if (request.method === 'HEAD') response.end()
    else createReadStream(path).pipe(response)
  })
}

/** The names of assets end in a hash of what they hold: `mnist-DeB5RjfV.onnx`. */
const hashed = /^(.+)-[\w-]{8}(\.\w+)$/

/** The file itself, or what is shipped elsewhere under its name. */
function found(path: string | undefined, elsewhere: Elsewhere): string | undefined {
  if (path === undefined || existsSync(path)) return path
  const [, stem, ending] = hashed.exec(basename(path)) ?? []
  return stem === undefined ? undefined : elsewhere(`${stem}${ending}`)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, headers).end()
}

/** The file that is asked for; undefined where it would not lie below the folder. */
function fileOf(folder: string, { url = '/' }: IncomingMessage): string | undefined {
  try {
    const asked = decodeURIComponent(url.replace(/[?#].*$/s, ''))
    const path = normalize(join(folder, asked.endsWith('/') ? `${asked}index.html` : asked))
    return path.startsWith(`${normalize(folder)}${sep}`) && !path.includes('\0') ? path : undefined
  } catch {
    return undefined
  }
}
