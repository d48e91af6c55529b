/**
 * Pictures of every part of the studio, wide and narrow, light and dark, to be looked at: `npm run build:studio`, then
 * `node dist/scripts/studio-pictures.js FOLDER [PART…]`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { random } from '../src/base/random.ts'
import { studioServer } from '../src/cli/studio/server.ts'
import { writeNpy } from '../src/formats/npy.ts'
import { packageRoot } from '../src/node/package-root.ts'

const [folder = 'pictures', ...only] = process.argv.slice(2)
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const flags = ['--no-sandbox', '--enable-unsafe-swiftshader']

/** Balls in a cube: labels [D, H, W]. */
function balls(side: number): Uint8Array {
  const rng = random(4)
  const all = Array.from({ length: 28 }, () => [
    ...Array.from({ length: 3 }, () => side * rng.uniform()),
    side * (0.06 + 0.1 * rng.uniform()),
  ])
  return Uint8Array.from({ length: side ** 3 }, (_, i) => {
    const [x, y, z] = [i % side, Math.floor(i / side) % side, Math.floor(i / side / side)]
    return Number(all.some(([a, b, c, r]) => Math.hypot(x - a, y - b, z - c) < r))
  })
}

const long = { timeout: 120_000 }

const done = (page: Page) => page.locator('.news', { hasText: /^Done/ }).waitFor(long)

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

const ready = (page: Page) => page.locator('button.first:not([disabled])').waitFor(long)

/** What is done before each picture. */
const parts: Record<string, { hash: string; act(page: Page): Promise<unknown> }> = {
  generate: {
    hash: '#v=1&model=mnist&mass=26000&count=16&calls=24&seed=1',
    async act(page) {
      await ready(page)
      await press(page, 'Generate')
      await done(page)
      for (let i = 0; i < 9; i++) await press(page, 'Back')
      await press(page, 'Copy as command')
    },
  },
  rock: {
    hash: '#v=1&model=berea&porosity=0.2&count=4&calls=16&seed=1',
    async act(page) {
      await ready(page)
      await press(page, 'Generate')
      await done(page)
    },
  },
  walk: {
    hash: '#walk',
    async act(page) {
      await page.getByLabel('Time').waitFor()
      for (let i = 0; i < 14; i++) await press(page, 'Step')
    },
  },
  data: {
    hash: '#data',
    async act(page) {
      const side = 64
      const buffer = Buffer.from(writeNpy({ data: balls(side), shape: [side, side, side] }))
      await page
        .getByLabel('Drop a scan')
        .setInputFiles({ name: 'balls.npy', mimeType: 'application/octet-stream', buffer })
      await page.getByLabel('The slices are one volume').check()
      await press(page, 'Measure')
      await done(page)
      await page.locator('.chart svg').first().waitFor()
    },
  },
  grey: {
    hash: '#data',
    async act(page) {
      const rng = random(2)
      const shape = [96, 96]
      const labels = balls(96).subarray(0, 96 * 96)
      const data = labels.map(label =>
        Math.round((label ? 170 : 80) + 40 * (rng.uniform() + rng.uniform() - 1)),
      )
      const buffer = Buffer.from(writeNpy({ data, shape }))
      await page
        .getByLabel('Drop a scan')
        .setInputFiles({ name: 'grey.npy', mimeType: 'application/octet-stream', buffer })
      await page.getByRole('button', { name: 'Otsu' }).click()
      await page.locator('[data-porosity]').waitFor()
    },
  },
  repair: {
    hash: '#v=1&model=mnist&mass=26000&count=4&calls=16&seed=3',
    async act(page) {
      await ready(page)
      await press(page, 'Generate')
      await done(page)
      await page.getByRole('link', { name: 'Repair' }).click()
      await press(page, 'Use the sample')
      await page.getByLabel('Units in the hole').fill('7000')
      await page.getByLabel('Network calls').fill('16')
      await press(page, 'Repair')
      await done(page)
    },
  },
  train: {
    hash: '#train',
    async act(page) {
      await press(page, '24 rings')
      await page.getByLabel('Steps').fill('60')
      await press(page, 'Train')
      await done(page)
    },
  },
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map(n => [
      `lesson-${n}`,
      {
        hash: `#lessons/${n}`,
        async act(page: Page) {
          await page.waitForTimeout(2500)
          const draw = page.getByRole('button', { name: 'Draw', exact: true })
          if ((await draw.count()) > 0) {
            await ready(page)
            await draw.click()
            await page.waitForTimeout(500)
            await page.locator('.course').waitFor({ state: 'detached', ...long })
            await page.waitForTimeout(1500)
          }
        },
      },
    ]),
  ),
}

const site = join(packageRoot, 'dist/studio')
if (!existsSync(site)) throw new Error('Cannot picture the studio: it must be built, got no dist/studio')
mkdirSync(folder, { recursive: true })
const server = studioServer(site)
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as { port: number }
const browser = await chromium.launch({ executablePath, args: flags })
for (const [name, { hash, act }] of Object.entries(parts)) {
  if (only.length > 0 && !only.includes(name)) continue
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.on('console', message => {
    if (message.type() === 'error') process.stderr.write(`${name}: ${message.text()}\n`)
  })
  page.on('pageerror', error => process.stderr.write(`${name}: ${error.message}\n`))
  await page.goto(`http://127.0.0.1:${port}/${hash}`)
  try {
    await act(page)
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).message}\n`)
  }
  for (const [look, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const) {
    await page.setViewportSize({ width, height: width > 400 ? 900 : 844 })
    await page.emulateMedia({ colorScheme: look })
    await page.waitForTimeout(300)
    writeFileSync(join(folder, `${name}-${width}-${look}.png`), await page.screenshot({ fullPage: true }))
  }
  await page.close()
}
await browser.close()
server.close()
