// Drawing in the studio.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { sha256 } from '../../src/jobs/record.ts'
import { good, listing, massesOf, untrained, write } from '../cli/saltus.ts'
import {
  copied,
  done,
  fill,
  folder,
  generate,
  ready,
  saved,
  share,
  site,
  totals,
  visit,
  withModel,
} from './site.ts'

export function generating(): void {
  it('draws below a path of a bare server, and asks nothing of other places', async () => {
    const began = performance.now()
    const { page, context, wrong } = await visit({ offline: true })
    await ready(page)
    await generate(page, { 'Mass, by number': '26000', Samples: '1', 'Network calls': '4' })
    const seconds = (performance.now() - began) / 1000
    expect(await totals(page)).toEqual([26000])
    expect(wrong).toEqual([])
    // Ten seconds of a machine that does nothing else.
    expect(seconds).toBeLessThan(10 * share())
    await context.close()
  })

  it('keeps to its budgets', () => {
    const packed = (wanted: RegExp) =>
      listing(site)
        .filter(name => wanted.test(name))
        .reduce((sum, name) => sum + gzipSync(readFileSync(join(site, name))).length, 0)
    const html = readFileSync(join(site, 'index.html'), 'utf8')
    const first = [...html.matchAll(/assets\/([\w.-]+)\.js/g)].map(([, name]) => name)
    expect(first.length).toBeGreaterThan(0)
    // What the first chunk imports at once comes with it.
    const at = new Set<string>()
    const follow = (name: string) => {
      if (at.has(name)) return
      at.add(name)
      const text = readFileSync(join(site, 'assets', `${name}.js`), 'utf8')
      for (const [, other] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+)\.js["']/g)) follow(other)
    }
    first.forEach(follow)
    const script = [...at].reduce((sum, name) => sum + packed(new RegExp(`/${name}\\.js$`)), 0)
    expect(script).toBeGreaterThan(10_000)
    expect(script).toBeLessThanOrEqual(60_000)
    // The decoder of Zstandard is WebAssembly, in letters, and ort-wasm-….mjs is what WebAssembly of the runtime loads itself by.
    const wasm = packed(/zstddec/) + packed(/ort-wasm-.*\.mjs$/)
    expect(packed(/\.(?:m?js|css|html)$/) - wasm).toBeLessThanOrEqual(400_000)
    const runtime = packed(/ort-wasm-simd-threaded-.*\.(?:wasm|mjs)$/)
    expect(runtime).toBeGreaterThan(3_000_000)
    // The service worker keeps all script from the beginning; of the networks that of the first sample is loaded, and none of its students.
    const network = packed(/\/mnist-[\w-]{8}\.onnx$/)
    expect(network).toBeGreaterThan(1_000_000)
    const sample = packed(/\.(?:js|css|html|json)$/) + runtime + network
    expect(sample).toBeLessThanOrEqual(6_000_000)
  })

  it('shows sixteen totals that are the mass asked for, and of what is downloaded', async () => {
    const { page, context } = await withModel('digits.onnx')
    for (const mass of [300, 0, 2 ** 20]) {
      await generate(page, { 'Network calls': '3', 'Mass, by number': String(mass), Seed: String(mass + 1) })
      expect(await totals(page)).toEqual(Array(16).fill(mass))
      const { bytes } = await saved(page, 'Download as npz')
      const { samples } = readNpz(bytes, 'samples.npz') as Record<string, NdArray>
      expect(massesOf(samples)).toEqual(Array(16).fill(mass))
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

  it('gives the bytes of the command that it tells, with one thread and with two', async () => {
    write(folder, 'digits', untrained())
    const sums: string[] = []
    for (const isolated of [false, true]) {
      const { page, context } = await withModel('digits.onnx', { isolated })
      expect(await page.locator('.aside').textContent()).toMatch(isolated ? /[2-4] threads/ : /one thread/)
      await generate(page, { 'Mass, by number': '260', Samples: '2', 'Network calls': '3', Seed: '5' })
      sums.push(await sha256((await saved(page, 'Download as npz')).bytes))
      if (isolated) {
        const command = await copied(page, 'Copy as command')
        await good([...command.split(' ').slice(1), '--quiet'], folder)
        sums.push(await sha256(readFileSync(join(folder, 'samples.npz'))))
        expect(await copied(page, 'Copy as TypeScript')).toContain(
          "const model = await open('digits')\nconst samples = await model.generate({ count: 2, mass: 260, calls: 3,",
        )
        expect(await copied(page, 'Copy as Python')).toContain('"--count", "2", "--mass", "260"')
      }
      await context.close()
    }
    expect(sums).toEqual(Array(3).fill(sums[0]))
  })

  it('repeats every byte from a link that is opened in a fresh profile', async () => {
    const asked = '#v=1&model=mnist&mass=26000&count=1&calls=2&seed=5'
    const sums: string[] = []
    let hash = asked
    for (let times = 0; times < 2; times++) {
      const { page, context } = await visit({ hash })
      await ready(page)
      expect(await page.getByLabel('Mass, by number').inputValue()).toBe('26000')
      await generate(page)
      sums.push(await sha256((await saved(page, 'Download as npz')).bytes))
      hash = new URL(await copied(page, 'Copy the link')).hash
      await context.close()
    }
    expect(new URLSearchParams(hash.slice(1)).get('mass')).toBe('26000')
    expect(sums[1]).toBe(sums[0])
  })

  it('answers a damaged or foreign link in a sentence, and runs nothing of it', async () => {
    for (const [hash, words] of [
      ['#v=1&mass=-3', 'Cannot open the link: mass must be'],
      ['#v=7&mass=3', 'Cannot open the link: its version must be 1'],
      ['#v=1&evil=<img src=x onerror=alert(1)>', 'Cannot open the link: every field must be one of'],
      ['#%E0%A4%A', 'Cannot open the link: its version must be 1'],
    ]) {
      const { page, context } = await visit({ hash })
      expect(await page.getByRole('alert').textContent()).toContain(words)
      expect(await page.locator('img').count()).toBe(0)
      await context.close()
    }
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(
      readFileSync(join(site, 'index.html'), 'utf8'),
    )?.[1]
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).not.toContain("'unsafe-")
    const sources = listing('web').filter(name => /\.tsx?$/.test(name))
    expect(sources.length).toBeGreaterThan(20)
    const risky = /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function/
    expect(sources.filter(name => risky.test(readFileSync(join('web', name), 'utf8')))).toEqual([])
  })

  it('lives while it draws: ten frames with the exact total, no long task, progress moves, typing works', async () => {
    const { page, context } = await withModel('digits.onnx')
    await fill(page, { 'Mass, by number': '300', Samples: '3', 'Network calls': '160' })
    await page.evaluate(() => {
      const seen: { total: number[]; course: string; frame: string }[] = []
      const long: number[] = []
      Object.assign(globalThis, { seen, long })
      new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) long.push(duration)
      }).observe({ entryTypes: ['longtask'] })
      const look = () => {
        const masses = [...document.querySelectorAll<HTMLElement>('.grid .mass')]
        const course = document.querySelector('.course')?.textContent ?? ''
        const frame = document.querySelector<HTMLCanvasElement>('.grid canvas')?.toDataURL() ?? ''
        if (masses.length > 0 && course !== '')
          seen.push({ total: masses.map(one => Number(one.dataset.mass)), course, frame })
      }
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      })
    })
    await page.keyboard.press('Enter')
    await page.locator('.course').waitFor()
    await page.locator('form').getByLabel('Seed').fill('12345')
    expect(await page.locator('.course').count()).toBe(1)
    await done(page)
    expect(await page.locator('form').getByLabel('Seed').inputValue()).toBe('12345')
    const { seen, long } = await page.evaluate(() => {
      const kept = globalThis as unknown as {
        seen: { total: number[]; course: string; frame: string }[]
        long: number[]
      }
      return { seen: kept.seen, long: kept.long }
    })
    expect(new Set(seen.map(({ course }) => course)).size).toBeGreaterThanOrEqual(10)
    expect(new Set(seen.map(({ frame }) => frame)).size).toBeGreaterThanOrEqual(10)
    expect(seen.some(({ course }) => /\d s left/.test(course))).toBe(true)
    expect(new Set(seen.flatMap(({ total }) => total))).toEqual(new Set([300]))
    expect(Math.max(0, ...long)).toBeLessThan(100 * share())
    // What is taken away is what was drawn, not what has been typed since.
    expect(await copied(page, 'Copy as command')).not.toContain('12345')
    await context.close()
  })

  it('shows the walk of a sample step by step, its total the same at each', async () => {
    const { page, context, wrong } = await withModel('rock.onnx')
    await generate(page, { 'Porosity, by number': '0.25', Samples: '2', 'Network calls': '12' })
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
    expect((await saved(page, 'Download as tif')).bytes.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
    await context.close()
  })

  it('is cancelled within half a second by its button and by Escape, with one worker left', async () => {
    const { page, context } = await withModel('digits.onnx')
    await fill(page, { 'Network calls': '5000', 'Mass, by number': '300' })
    for (let round = 0; round < 20; round++) {
      await page.getByRole('button', { name: 'Generate', exact: true }).click()
      await page.locator('.course').waitFor()
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
    await generate(page, { 'Network calls': '2' })
    await context.close()
  })

  it('refuses a file that is no model in a sentence, and goes on', async () => {
    const { page, context } = await visit()
    await ready(page)
    write(folder, 'foreign.onnx', Uint8Array.of(1, 2, 3, 4))
    await page.getByLabel('or a file').setInputFiles(join(folder, 'foreign.onnx'))
    expect(await page.getByRole('alert').textContent()).toMatch(/^Cannot read foreign/)
    await page.locator('select').first().selectOption('berea')
    await ready(page)
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await page.getByText('samples of pore and', { exact: false }).count()).toBe(1)
    await context.close()
  })
}
