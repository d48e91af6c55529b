/** The studio as it is built, served, and shown to one browser. */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium as browsers, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import { listing, temporary, untrained, write } from '../cli/saltus.ts'
import { chromium, root, served } from '../web/bundle.ts'

/** What lets a browser without a graphics processor draw with one of software. */
const graphics = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader']

/** What is said because of how pages are shown here: without a graphics card, and of some without service workers. */
const harness = /blocked by Playwright|GL Driver Message|software WebGL/

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What is wrong on the console, and what was asked of other places. */
  readonly wrong: string[]
}

export interface VisitOptions {
  /** Behind the #. */
  readonly hash?: string
  /** With the headers that isolate the page. */
  readonly isolated?: boolean
  /** Whether it may have a service worker. */
  readonly offline?: boolean
  readonly at?: string
  readonly browser?: Browser
}

export const folder = temporary()
export const site = join(folder, 'site')

/** How much slower than alone things are on a machine that does other things too. */
export const share = (): number => Math.max(1, loadavg()[0] / availableParallelism())

const held: { bare?: string; isolated?: string; browser?: Browser } = {}
const closers: (() => unknown)[] = []

/** A server of the site below a path. */
export async function serving({ isolated = false } = {}): Promise<{ url: string; server: Server }> {
  const files = new Set(listing(site))
  const { url, server } = await served(
    path => {
      const name = path.replace(/^\/saltus\//, '') || 'index.html'
      return files.has(name) && name.includes('.') ? readFileSync(join(site, name)) : undefined
    },
    { isolated },
  )
  return { url: `${url}saltus/`, server }
}

export const launched = (args: readonly string[] = []): Promise<Browser> =>
  browsers.launch({ executablePath: chromium, args: ['--no-sandbox', ...args] })

/** Builds the studio and opens the browser before the tests of a file, once. */
export function withStudio(): void {
  beforeAll(async () => {
    // As it is published: what runs tests calls itself another thing.
    process.env.NODE_ENV = 'production'
    await build({
      configFile: join(root, 'web/vite.config.ts'),
      logLevel: 'silent',
      build: { outDir: site, emptyOutDir: true, reportCompressedSize: false },
    })
    for (const isolated of [false, true]) {
      const { url, server } = await serving({ isolated })
      held[isolated ? 'isolated' : 'bare'] = url
      closers.push(() => server.close())
    }
    held.browser = await launched(graphics)
    closers.push(() => held.browser?.close())
    write(folder, 'digits.onnx', untrained())
    write(folder, 'rock.onnx', untrained({ phases: ['pore', 'solid'] }))
  }, 300_000)
  afterAll(() => Promise.all(closers.map(close => close())))
}

/** The studio in a profile of its own. */
export async function visit({
  hash = '',
  isolated = false,
  offline = false,
  at = (isolated ? held.isolated : held.bare)!,
  browser = held.browser!,
}: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    acceptDownloads: true,
    serviceWorkers: offline ? 'allow' : 'block',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(90_000)
  const wrong: string[] = []
  page.on('console', message => {
    const text = message.text()
    if (['error', 'warning'].includes(message.type()) && !harness.test(text)) wrong.push(text)
  })
  page.on('pageerror', error => wrong.push(error.message))
  page.on('request', request => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(at)) wrong.push(request.url())
  })
  await page.goto(`${at}${hash}`)
  return { page, context, wrong }
}

/** The model is open. */
export const ready = (page: Page): Promise<unknown> =>
  page.locator('button.first:not([disabled])').first().waitFor()

/** Opens a small model by the file picker. */
export async function withModel(name: string, options: VisitOptions = {}): Promise<Visit> {
  const visited = await visit(options)
  await open(visited.page, name)
  return visited
}

export async function open(page: Page, name: string): Promise<void> {
  await ready(page)
  await page.getByLabel('or a file').setInputFiles(join(folder, name))
  const wanted = name.replace('.onnx', '')
  await page.waitForFunction(it => document.querySelector('select')?.value === it, wanted)
  await ready(page)
}

export const done = (page: Page): Promise<unknown> => page.locator('.news', { hasText: /^Done/ }).waitFor()

export async function fill(page: Page, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values))
    await page.locator('form').getByLabel(label, { exact: true }).fill(value)
}

export async function generate(page: Page, values: Record<string, string> = {}): Promise<void> {
  await fill(page, values)
  await page.getByRole('button', { name: 'Generate', exact: true }).click()
  await done(page)
}

export const go = (page: Page, part: string): Promise<void> =>
  page.getByRole('link', { name: part, exact: true }).click()

/** What a button saves. */
export async function saved(page: Page, button: string): Promise<{ name: string; bytes: Uint8Array }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

/** What a button copies. */
export async function copied(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button, exact: true }).click()
  return (await page.locator('.shown').first().textContent()) ?? ''
}

/** What the grid says that each sample holds. */
export const totals = (page: Page): Promise<number[]> =>
  page.locator('.grid .mass').evaluateAll(all => all.map(one => Number((one as HTMLElement).dataset.mass)))

/** The pixels of a canvas. */
export const pixels = (page: Page, canvas: string): Promise<string> =>
  page
    .locator(canvas)
    .first()
    .evaluate(one => (one as HTMLCanvasElement).toDataURL())
