// What the studio makes of the page that it is given: a graphics processor, a service worker, or neither.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listing } from '../cli/saltus.ts'
import { generate, launched, open, ready, serving, site, totals, visit } from './site.ts'

export function platforms(): void {
  it('draws on the graphics processor behind a switch: same law, other bytes', async () => {
    const { page, context } = await visit()
    await open(page, 'digits.onnx')
    const choice = page.getByRole('checkbox', { name: /WebGPU/ })
    expect(await page.getByText('off, exact repeat').count()).toBe(1)
    await choice.check()
    await ready(page)
    await page.getByText('same law, other bytes').waitFor()
    await generate(page, { 'Mass, by number': '300', Samples: '2', 'Network calls': '2' })
    expect(await totals(page)).toEqual([300, 300])
    expect(await choice.isChecked()).toBe(true)
    await context.close()
  })

  it('says so where there is no graphics processor, and draws in WebAssembly', async () => {
    const browser = await launched(['--disable-gpu', '--disable-features=WebGPU'])
    const { page, context } = await visit({ browser })
    await open(page, 'digits.onnx')
    await page.getByRole('checkbox', { name: /WebGPU/ }).click()
    await page.getByText(/^This page has no graphics processor that it may use/).waitFor()
    await ready(page)
    expect(await page.getByText('off, exact repeat').count()).toBe(1)
    await generate(page, { 'Mass, by number': '300', Samples: '1', 'Network calls': '2' })
    expect(await totals(page)).toEqual([300])
    await context.close()
    await browser.close()
  })

  it('isolates itself where the server does not, and draws when the server is gone', async () => {
    const { url, server } = await serving()
    const { page, context } = await visit({ at: url, offline: true })
    await page.waitForFunction(() => crossOriginIsolated && navigator.serviceWorker.controller !== null)
    await ready(page)
    expect(await page.locator('.aside').textContent()).toMatch(/[2-4] threads/)
    await generate(page, { 'Mass, by number': '26000', Samples: '1', 'Network calls': '2' })
    // All that the parts need is kept: the list is that of the build.
    const kept = JSON.parse(readFileSync(join(site, 'files.json'), 'utf8')) as string[]
    const built = listing(site).filter(name => /\.(?:m?js|css)$/.test(name) && name !== 'service-worker.js')
    expect(kept).toEqual(built)
    const missing = () =>
      page.evaluate(async names => {
        const keys = await (await caches.open('saltus-studio')).keys()
        const there = new Set(keys.map(({ url }) => url))
        return names.filter(name => !there.has(new URL(name, location.href).href))
      }, kept)
    await expect.poll(missing, { timeout: 90_000 }).toEqual([])
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    await page.reload()
    await ready(page)
    await generate(page, { 'Mass, by number': '12345', Samples: '1', 'Network calls': '2' })
    expect(await totals(page)).toEqual([12345])
    await page.getByRole('link', { name: 'Lessons' }).click()
    await page.locator('.walk canvas').waitFor()
    await context.close()
  })
}
