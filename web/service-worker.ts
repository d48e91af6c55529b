/**
 * The service worker: every answer gets the two headers that isolate the page, and is kept. The page itself is fetched anew
 * where there is a net; what else there is has names that change with its bytes, and is fetched once.
 */
interface Fetching extends Event {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

interface Extending extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface Scope extends EventTarget {
  readonly registration: { readonly scope: string }
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
}

const scope = self as unknown as Scope
const cacheName = 'saltus-studio'

// It begins at once: the page waits for nothing but the headers.
scope.addEventListener('install', event => (event as Extending).waitUntil(scope.skipWaiting()))
scope.addEventListener('activate', event => (event as Extending).waitUntil(scope.clients.claim()))

/** Keeps all files of the page but networks and runtime, which are kept when they are used; lets go of older ones. */
async function keep(): Promise<void> {
  const home = scope.registration.scope
  const cache = await caches.open(cacheName)
  const list = await fetch(`${home}files.json`)
  const names = (await list.clone().json()) as string[]
  await cache.put(`${home}files.json`, list)
  const wanted = new Set([home, ...names.map(name => new URL(name, home).href)])
  for (const at of wanted) if (!(await cache.match(at))) await cache.add(at)
  for (const { url } of await cache.keys())
    if (/\.(?:m?js|css)$/.test(url) && !wanted.has(url)) await cache.delete(url)
}

// The page asks for it once it has begun.
scope.addEventListener('message', event => (event as Extending).waitUntil(keep().catch(() => {})))

/** The answer with the headers. */
function isolating(answer: Response): Response {
  if (answer.status === 0) return answer
  const headers = new Headers(answer.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers })
}

async function answered(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const home = scope.registration.scope
  const page = [home, `${home}index.html`].includes(request.url.replace(/[?#].*$/s, ''))
  const key = page ? home : request.url
  const kept = await cache.match(key)
  if (kept && !page) return isolating(kept)
  try {
    const fresh = await fetch(request)
    if (fresh.ok) await cache.put(key, fresh.clone())
    return isolating(fresh)
  } catch (error) {
    if (kept) return isolating(kept)
    throw error
  }
}

scope.addEventListener('fetch', event => {
  const { request } = event as Fetching
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return
  ;(event as Fetching).respondWith(answered(request))
})
