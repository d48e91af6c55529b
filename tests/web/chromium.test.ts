// The web door, in Node and in a browser: the bytes of `saltus sample --device wasm`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium as browsers } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/jobs/record.ts'
import { corners, good, temporary, untrained, write } from '../cli/saltus.ts'
import { bundled, chromium, fileAt, served } from './bundle.ts'

type Door = typeof import('../../src/web.ts')

const folder = temporary()

/** What is asked of the models, as flags and as options; the files are written with the names that the header tells. */
const cases = [
  {
    model: 'digits',
    flags: ['--calls', '5', '--mass', '0,300', '--count', '3', '--seed', '2'],
    options: { calls: 5, mass: '0,300', count: 3, seed: 2 },
    out: 'a.npz',
  },
  {
    model: 'rock',
    flags: ['--calls', '4', '--porosity', '0.25', '--count', '2'],
    options: { calls: 4, porosity: 0.25, count: 2 },
    out: 'r.tif',
  },
] as const

/** SHA-256 of what the command line writes, by the name of the file. */
const wanted: Record<string, string> = {}

beforeAll(async () => {
  write(folder, 'digits', untrained())
  write(folder, 'rock', untrained({ phases: ['pore', 'solid'] }))
  for (const { model, flags, out } of cases) {
    await good(['sample', '--model', model, ...flags, '--device', 'wasm', '--out', out], folder)
    wanted[out] = await sha256(readFileSync(join(folder, out)))
  }
}, 180_000)

describe('open() of saltus/web in Node', { timeout: 120_000 }, () => {
  it('gives the bytes of saltus sample --device wasm', async () => {
    const { open }: Door = await import(fileURLToPath(new URL('../../dist/src/web.js', import.meta.url)))
    for (const { model, options, out } of cases) {
      const opened = await open(readFileSync(join(folder, model)), { name: model })
      const samples = await opened.generate(options)
      const [{ bytes }] = await samples.files(out)
      expect([out, await sha256(bytes)]).toEqual([out, wanted[out]])
    }
  })
})

const why = chromium ? '' : ' (skipped: there is no /usr/bin/chromium, and CHROMIUM names none)'

describe.skipIf(!chromium)(`open() of saltus/web in Chromium${why}`, { timeout: 240_000 }, () => {
  let browser: Browser
  const closers: (() => unknown)[] = []
  afterAll(() => Promise.all(closers.map(close => close())))

  beforeAll(async () => {
    browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox'] })
    closers.push(() => browser.close())
  }, 60_000)

  /** A page that knows the door as `door.js`, ONNX Runtime beside it, and the models by their names. */
  async function opened(isolated: boolean) {
    const { files } = await bundled()
    const map = { imports: { 'onnxruntime-web/wasm': './ort/ort.wasm.min.mjs' } }
    const html = `<!doctype html><title>saltus</title><script type="importmap">${JSON.stringify(map)}</script>
<script type="module">import * as door from './web.js'; globalThis.door = door</script>`
    const { url, server } = await served(
      path =>
        path === '/'
          ? html
          : path.startsWith('/ort/')
            ? fileAt(path.replace('/ort/', 'node_modules/onnxruntime-web/dist/'))
            : path.startsWith('/models/')
              ? readFileSync(join(folder, path.replace('/models/', '')))
              : files.get(path.slice(1)),
      { isolated },
    )
    closers.push(() => server.close())
    const page = await browser.newPage()
    const said: string[] = []
    page.on('pageerror', error => said.push(error.message))
    await page.goto(url)
    await page.waitForFunction(() => 'door' in globalThis)
    return { page, said }
  }

  /** Draws in the page; runs there. */
  const drawn = async ({ model, options, out }: { model: string; options: object; out: string }) => {
    const { door } = globalThis as unknown as { door: Door }
    const opened = await door.open(`models/${model}`)
    const steps: number[] = []
    const samples = await opened.generate({ ...options, onStep: image => steps.push(image) })
    const [{ bytes }] = await samples.files(out)
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
    return {
      sha: Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join(''),
      masses: samples.masses,
      fractions: samples.fractions,
      steps: steps.length,
      isolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated,
      threads: (door.page().threads ?? 0) > 1,
    }
  }

  it.each([
    { isolated: true, threads: 'several threads' },
    { isolated: false, threads: 'one thread' },
  ])('gives exact masses and the same bytes, with $threads', async ({ isolated }) => {
    const { page, said } = await opened(isolated)
    const [digits, rock] = cases
    const first = await page.evaluate(drawn, digits)
    expect(first).toMatchObject({
      isolated,
      masses: [[0], [0], [0], [300], [300], [300]],
      sha: wanted['a.npz'],
    })
    // Every image at its beginning and after each of five steps.
    expect(first.steps).toBe(6 * 6)
    const second = await page.evaluate(drawn, rock)
    expect(second.fractions).toEqual([
      [0.25, 0.75],
      [0.25, 0.75],
    ])
    expect(second.sha).toBe(wanted['r.tif'])
    expect(said).toEqual([])
    await page.close()
  })

  it('says what is wrong in one line, and ends when it is asked to', async () => {
    const { page } = await opened(false)
    const told = await page.evaluate(async () => {
      const { open } = (globalThis as unknown as { door: Door }).door
      const told = (work: Promise<unknown>) => work.then(String, error => (error as Error).message)
      const model = await open('models/digits')
      return [
        await told(open('nothing.onnx')),
        await told(model.generate({ porosity: 0.5 })),
        await told(model.generate({ mass: 7, signal: AbortSignal.abort() })),
      ]
    })
    expect(told[0]).toBe('Cannot fetch nothing.onnx: the answer must be 200 OK, got 404')
    expect(told[1]).toContain('Cannot sample: porosity must be left out with a model of images')
    expect(told[2]).toBe('Drawing was cancelled')
    await page.close()
  })

  it('trains a model that draws', async () => {
    const { page } = await opened(true)
    const { images } = corners(16) as unknown as { images: { data: Uint8Array; shape: number[] } }
    const masses = await page.evaluate(
      async ({ data, shape }) => {
        const { open, train } = (globalThis as unknown as { door: Door }).door
        const small = { base: 4, multipliers: [1, 2], blocks: [1, 1], attention: [], embedding: 8 } as const
        const trained = await train(
          { data: Uint8Array.from(data), shape },
          { ...small, steps: 3, batch: 4, warmup: 2 },
        )
        const drawn = await (await open(trained.model)).generate({ mass: 77, count: 2, calls: 2 })
        return drawn.masses
      },
      { data: [...images.data], shape: images.shape },
    )
    expect(masses).toEqual([[77], [77]])
    await page.close()
  })
})
