// The studio as it is built, in a browser.
import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium as browsers, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { sha256 } from '../../src/jobs/record.ts'
import { good, listing, massesOf, temporary, untrained, write } from '../cli/saltus.ts'
import { chromium, root, served } from '../web/bundle.ts'

const why = chromium ? '' : ' (skipped: there is no /usr/bin/chromium, and CHROMIUM names none)'
const folder = temporary()
const site = join(folder, 'site')

describe.skipIf(!chromium)(`the studio${why}`, { timeout: 240_000 }, () => {
  let browser: Browser
  let url: string
  const closers: (() => unknown)[] = []
  afterAll(() => Promise.all(closers.map(close => close())))

  beforeAll(async () => {
    await build({
      configFile: join(root, 'web/vite.config.ts'),
      logLevel: 'silent',
      build: { outDir: site, emptyOutDir: true },
    })
    // A bare server: below a path, without headers.
    const files = new Set(listing(site))
    const { url: origin, server } = await served(
      path => {
        const name = path.replace(/^\/saltus\//, '') || 'index.html'
        return files.has(name) && name.includes('.') ? readFileSync(join(site, name)) : undefined
      },
      { isolated: false },
    )
    url = `${origin}saltus/`
    closers.push(() => server.close())
    browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox'] })
    closers.push(() => browser.close())
    write(folder, 'digits.onnx', untrained())
    write(folder, 'rock.onnx', untrained({ phases: ['pore', 'solid'] }))
  }, 120_000)

  interface Visit {
    readonly page: Page
    readonly context: BrowserContext
    /** What is wrong on the console, and what was asked of other places. */
    readonly wrong: string[]
  }

  /** The studio in a profile of its own. */
  async function visit(hash = ''): Promise<Visit> {
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    const wrong: string[] = []
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) wrong.push(message.text())
    })
    page.on('pageerror', error => wrong.push(error.message))
    page.on('request', request => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url)) wrong.push(request.url())
    })
    await page.goto(`${url}${hash}`)
    await ready(page)
    return { page, context, wrong }
  }

  const ready = (page: Page) =>
    page.waitForFunction(() => document.querySelector('button.first:not(:disabled)') !== null)

  /** Opens a small model by the file picker. */
  async function withModel(name: string, hash = ''): Promise<Visit> {
    const visited = await visit(hash)
    await visited.page.getByLabel('or a file').setInputFiles(join(folder, name))
    await visited.page.waitForFunction(
      wanted => document.querySelector('select')?.value === wanted,
      name.replace('.onnx', ''),
    )
    await ready(visited.page)
    return visited
  }

  const done = (page: Page) =>
    page.waitForFunction(() => /^Done/.test(document.querySelector('.news')?.textContent ?? ''))

  const fill = async (page: Page, values: Record<string, string>) => {
    for (const [label, value] of Object.entries(values))
      await page.locator('form').getByLabel(label, { exact: true }).fill(value)
  }

  async function download(page: Page, ending: string): Promise<Uint8Array> {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Download as ${ending}` }).click(),
    ])
    return readFileSync(await file.path())
  }

  const totals = (page: Page) =>
    page.locator('.grid .mass').evaluateAll(all => all.map(one => Number((one as HTMLElement).dataset.mass)))

  it('draws below a path of a bare server, asks nothing of other places, and keeps to its budgets', async () => {
    const began = performance.now()
    const { page, context, wrong } = await visit()
    await fill(page, { 'Mass, by number': '26000', Samples: '1', 'Network calls': '4' })
    await page.keyboard.press('Enter')
    await done(page)
    const seconds = (performance.now() - began) / 1000
    expect(await totals(page)).toEqual([26000])
    expect(wrong).toEqual([])
    // Ten seconds of a machine that does nothing else.
    const share = Math.max(1, loadavg()[0] / availableParallelism())
    expect(seconds).toBeLessThan(10 * share)
    await context.close()

    const packed = (wanted: RegExp) =>
      listing(site)
        .filter(name => wanted.test(name))
        .reduce((sum, name) => sum + gzipSync(readFileSync(join(site, name))).length, 0)
    expect(packed(/index-.*\.js$/)).toBeGreaterThan(1000)
    expect(packed(/index-.*\.js$/)).toBeLessThanOrEqual(60_000)
    expect(packed(/\.(?:m?js|css|html)$/)).toBeLessThanOrEqual(400_000)
    const first = packed(/index|worker-|ort-wasm-simd-threaded-|rolldown|fields|mnist-/) - packed(/blackout/)
    expect(first).toBeLessThanOrEqual(6_000_000)
  })

  it('shows sixteen totals that are the mass asked for, and of what is downloaded', async () => {
    const { page, context } = await withModel('digits.onnx')
    await fill(page, { 'Network calls': '3' })
    for (const mass of [300, 0, 2 ** 20]) {
      await fill(page, { 'Mass, by number': String(mass) })
      await page.keyboard.press('Enter')
      await done(page)
      expect(await totals(page)).toEqual(Array(16).fill(mass))
      const { samples } = readNpz(await download(page, 'npz'), 'samples.npz') as Record<string, NdArray>
      expect(massesOf(samples)).toEqual(Array(16).fill(mass))
      await page.getByLabel('Seed').fill(String(mass + 1))
    }
    await fill(page, { 'Mass, by number': '99999999999' })
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').textContent()).toMatch(
      /^Cannot sample: mass must be M or MIN:MAX, .* got /,
    )
    // What was drawn stays.
    expect(await totals(page)).toEqual(Array(16).fill(2 ** 20))
    await context.close()
  })

  it('gives the bytes of the command that it tells, and a link that repeats them in a fresh profile', async () => {
    const { page, context } = await visit('#v=1&model=mnist&mass=26000&count=2&calls=3&seed=5')
    expect(await page.getByLabel('Mass, by number').inputValue()).toBe('26000')
    await page.getByRole('button', { name: 'Generate' }).click()
    await done(page)
    const sum = await sha256(await download(page, 'npz'))
    await page.getByRole('button', { name: 'Copy as command' }).click()
    const command = (await page.locator('code.shown').textContent()) ?? ''
    await good([...command.split(' ').slice(1), '--quiet'], folder)
    expect(await sha256(readFileSync(join(folder, 'samples.npz')))).toBe(sum)
    await page.getByRole('button', { name: 'Copy the link' }).click()
    const link = (await page.locator('code.shown').textContent()) ?? ''
    await context.close()

    const again = await visit(new URL(link).hash)
    await again.page.getByRole('button', { name: 'Generate' }).click()
    await done(again.page)
    expect(await sha256(await download(again.page, 'npz'))).toBe(sum)
    await again.context.close()
  })

  it('answers a damaged or foreign link in a sentence, and runs nothing of it', async () => {
    for (const [hash, words] of [
      ['#v=1&mass=-3', 'Cannot open the link: mass must be'],
      ['#v=7&mass=3', 'Cannot open the link: its version must be 1'],
      ['#v=1&evil=<img src=x onerror=alert(1)>', 'Cannot open the link: every field must be one of'],
      ['#%E0%A4%A', 'Cannot open the link: its version must be 1'],
    ]) {
      const { page, context } = await visit(hash)
      expect(await page.getByRole('alert').textContent()).toContain(words)
      expect(await page.locator('img').count()).toBe(0)
      await context.close()
    }
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(
      readFileSync(join(site, 'index.html'), 'utf8'),
    )?.[1]
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).not.toContain("'unsafe-")
  })

  it('shows the walk of a sample step by step, its total the same at each', async () => {
    const { page, context, wrong } = await withModel('rock.onnx')
    await fill(page, { 'Porosity, by number': '0.25', Samples: '2', 'Network calls': '12' })
    await page.keyboard.press('Enter')
    await done(page)
    await page.getByRole('button', { name: 'Rewind' }).click()
    const frame = () =>
      page.locator('.walk').evaluate(walk => {
        const canvas = walk.querySelector('canvas') as HTMLCanvasElement
        const total = (walk.querySelector('[data-total]') as HTMLElement).dataset.total
        return { pixels: canvas.toDataURL(), total, label: canvas.getAttribute('aria-label') }
      })
    const frames = [await frame()]
    for (let step = 0; step < 12; step++) {
      await page.getByRole('button', { name: 'Step', exact: true }).click()
      frames.push(await frame())
    }
    expect(new Set(frames.map(({ pixels }) => pixels)).size).toBeGreaterThanOrEqual(10)
    expect(new Set(frames.map(({ total }) => total)).size).toBe(1)
    expect(frames[12].label).toContain('step 12 of 12')
    await page.getByRole('button', { name: 'Play' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    expect(await page.locator('.grid .share').allTextContents()).toEqual(['0.2500', '0.2500'])
    expect((await download(page, 'tif')).length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
    await context.close()
  })

  it('lives while it draws: totals are exact in every frame, progress moves, typing works', async () => {
    const { page, context } = await withModel('digits.onnx')
    await fill(page, { 'Mass, by number': '300', Samples: '3', 'Network calls': '40' })
    await page.evaluate(() => {
      const seen: { total: number[]; course: string }[] = []
      Object.assign(globalThis, { seen })
      const look = () => {
        const masses = [...document.querySelectorAll<HTMLElement>('.grid .mass')]
        const course = document.querySelector('.course')?.textContent ?? ''
        if (masses.length > 0 && course !== '')
          seen.push({ total: masses.map(one => Number(one.dataset.mass)), course })
      }
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      })
    })
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.course') !== null)
    await page.locator('form').getByLabel('Seed').fill('12345')
    expect(await page.locator('.course').count()).toBe(1)
    await done(page)
    expect(await page.locator('form').getByLabel('Seed').inputValue()).toBe('12345')
    const seen = await page.evaluate(
      () => (globalThis as unknown as { seen: { total: number[]; course: string }[] }).seen,
    )
    expect(new Set(seen.map(({ course }) => course)).size).toBeGreaterThanOrEqual(10)
    expect(new Set(seen.flatMap(({ total }) => total))).toEqual(new Set([300]))
    // What is taken away is what was drawn, not what has been typed since.
    await page.getByRole('button', { name: 'Copy as command' }).click()
    expect(await page.locator('code.shown').textContent()).not.toContain('12345')
    await context.close()
  })

  it('is cancelled within half a second by its button and by Escape, with one worker left', async () => {
    const { page, context } = await withModel('digits.onnx')
    await fill(page, { 'Network calls': '5000', 'Mass, by number': '300' })
    for (let round = 0; round < 20; round++) {
      await page.getByRole('button', { name: 'Generate' }).click()
      await page.waitForFunction(() => document.querySelector('.course') !== null)
      const seconds = await page.evaluate(
        async byKey => {
          const began = performance.now()
          if (byKey) dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
          else [...document.querySelectorAll('button')].find(one => one.textContent === 'Cancel')?.click()
          while (document.querySelector('.news')?.textContent !== 'Cancelled')
            await new Promise(resolve => setTimeout(resolve, 5))
          return (performance.now() - began) / 1000
        },
        round % 2 === 1,
      )
      expect(seconds).toBeLessThan(0.5)
      await ready(page)
    }
    // The browser takes a moment to tell that a worker has ended.
    await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(1)
    await fill(page, { 'Network calls': '2' })
    await page.keyboard.press('Enter')
    await done(page)
    await context.close()
  })

  it('has no fault that axe finds, light and dark, and is used by keys alone', async () => {
    const { page, context } = await withModel('rock.onnx')
    await fill(page, { 'Porosity, by number': '0.5', Samples: '2', 'Network calls': '2' })
    await page.keyboard.press('Enter')
    await done(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.evaluate(axe.source)
      const found = await page.evaluate(async () => {
        const { run } = (globalThis as unknown as { axe: typeof axe }).axe
        const { violations } = await run({
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        })
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)
      })
      expect([colorScheme, found]).toEqual([colorScheme, []])
    }
    await context.close()
  })

  it('refuses a file that is no model in a sentence, and goes on', async () => {
    const { page, context } = await visit()
    write(folder, 'foreign.onnx', Uint8Array.of(1, 2, 3, 4))
    await page.getByLabel('or a file').setInputFiles(join(folder, 'foreign.onnx'))
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toMatch(/^Cannot read foreign/)
    await page.locator('select').first().selectOption('berea')
    await ready(page)
    expect(await page.getByRole('alert').count()).toBe(0)
    await context.close()
  })
})
