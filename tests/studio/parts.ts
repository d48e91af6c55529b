// The other parts of the studio: the walk of a drawing, repair, training, lessons; keys alone, and what axe finds.
import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { NdArray } from '../../src/formats/array.ts'
import { readNpz } from '../../src/formats/npz.ts'
import { decodeModelFile } from '../../src/model/file.ts'
import { total } from '../cli/saltus.ts'
import {
  copied,
  done,
  fill,
  generate,
  go,
  open,
  pixels,
  ready,
  saved,
  totals,
  visit,
  withModel,
} from './site.ts'

/** What axe finds on the page, light and dark. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const here = await page.evaluate(async () => {
      const { run } = (globalThis as unknown as { axe: typeof axe }).axe
      const { violations } = await run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      })
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`)
    })
    found.push(...here.map(words => `${colorScheme}: ${words}`))
  }
  return found
}

const shownTotal = async (page: Page) =>
  Number(await page.locator('[data-total]').first().getAttribute('data-total'))

export function others(): void {
  it('lets a drawing walk through time, and loses nothing', async () => {
    const { page, context, wrong } = await visit({ hash: '#walk' })
    await page.getByRole('button', { name: 'Clear' }).click()
    const pad = page.locator('.pad canvas')
    await pad.focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowRight')
    const drawn = 2 * (24 + 4 * 12 + 4 * 6)
    await page.locator('.total.small', { hasText: String(drawn) }).waitFor()
    await page.mouse.move(0, 0)
    const box = (await pad.boundingBox())!
    await page.mouse.move(box.x + 40, box.y + 40)
    await page.mouse.down()
    await page.mouse.up()
    const all = drawn + drawn / 2
    await page.locator('.total.small', { hasText: String(all) }).waitFor()
    const time = page.getByLabel('Time', { exact: true })
    await time.waitFor()
    await expect.poll(() => shownTotal(page)).toBe(all)
    const seen = new Set<string>()
    for (const at of ['0', '5', '10', '20', '40']) {
      await time.fill(at)
      expect(await shownTotal(page)).toBe(all)
      seen.add(await pixels(page, '.walk canvas'))
    }
    expect(seen.size).toBe(5)
    await page.getByLabel('What happens to a unit').selectOption('blackout')
    await page.getByText('What is left').waitFor()
    await time.fill('40')
    await expect.poll(() => shownTotal(page)).toBe(0)
    expect(await faults(page)).toEqual([])
    expect(wrong).toEqual([])
    await context.close()
  })

  it('repairs a hole with exactly the units asked for, and touches nothing else', async () => {
    const { page, context, wrong } = await withModel('digits.onnx')
    await generate(page, { 'Mass, by number': '400', Samples: '1', 'Network calls': '3' })
    await go(page, 'Repair')
    await page.getByRole('button', { name: 'Use the sample' }).click()
    await page.getByRole('button', { name: 'Lower half' }).click()
    await page.getByText('A hole of 32 sites.').waitFor()
    await fill(page, { 'Units in the hole': '77', Completions: '3', 'Network calls': '3' })
    await page.getByRole('button', { name: 'Repair', exact: true }).click()
    await done(page)
    const { bytes } = await saved(page, 'Download completions as npz')
    const { samples } = readNpz(bytes, 'completed.npz') as Record<string, NdArray>
    const halves = [0, 1, 2].map(i => [
      samples.data.subarray(64 * i, 64 * i + 32),
      samples.data.subarray(64 * i + 32, 64 * i + 64),
    ])
    expect(halves.map(([, lower]) => total(lower))).toEqual([77, 77, 77])
    expect(new Set(halves.map(([upper]) => String(upper))).size).toBe(1)
    expect(await totals(page)).toEqual(Array(3).fill(total(halves[0][0]) + 77))
    expect(await copied(page, 'Copy as command')).toMatch(
      /^saltus inpaint .*--input known.npy --mask mask.npy/,
    )
    expect(await faults(page)).toEqual([])
    expect(wrong).toEqual([])
    // What was drawn before is still what is taken away there.
    await go(page, 'Generate')
    const before = readNpz((await saved(page, 'Download as npz')).bytes, 'samples.npz') as Record<
      string,
      NdArray
    >
    expect(total(before.samples.data)).toBe(400)
    await context.close()
  })

  it('trains a model on drawings, which draws at once and is a file as any other', async () => {
    const { page, context, wrong } = await visit({ hash: '#train' })
    await page.getByRole('button', { name: '24 rings' }).click()
    await fill(page, { Steps: '12' })
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.locator('.chart svg[role="img"]').waitFor()
    await page.locator('.grid canvas').first().waitFor()
    await done(page)
    const { bytes } = await saved(page, 'Download own.onnx')
    expect(decodeModelFile(bytes, 'own.onnx').description.task.shape).toEqual([1, 16, 16])
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Draw with it' }).click()
    await ready(page)
    await generate(page, { 'Mass, by number': '300', Samples: '2', 'Network calls': '3' })
    expect(await totals(page)).toEqual([300, 300])
    expect(wrong).toEqual([])
    await context.close()
  })

  it('teaches in six lessons, each with a figure, alone in another page as well', async () => {
    const { page, context, wrong } = await visit({ hash: '#lessons' })
    const figures = [
      '.walk canvas',
      '.chart svg[role="img"]',
      undefined,
      undefined,
      '.pair canvas',
      undefined,
    ]
    for (const [n, figure] of figures.entries()) {
      await page.locator('.lesson nav a').nth(n).click()
      await page.getByText(`Lesson ${n + 1} of 6`).waitFor()
      if (figure) await page.locator(figure).first().waitFor()
      else await page.getByRole('button', { name: 'Draw', exact: true }).waitFor()
      expect([n, await faults(page)]).toEqual([n, []])
    }
    await page.locator('.lesson nav a').nth(2).click()
    await ready(page)
    const code = await copied(page, 'Copy to embed')
    const address = /src="([^"]+)"/.exec(code)![1]
    expect(address).toMatch(/\?embed#lessons\/3$/)
    await page.goto(address)
    await page.getByText('Lesson 3 of 6').waitFor()
    expect(await page.locator('nav').count()).toBe(0)
    expect(wrong).toEqual([])
    await context.close()
  })

  it('is used by keys alone, and has no fault that axe finds', async () => {
    const { page, context } = await withModel('rock.onnx')
    // From the beginning of the page by Tab alone to the field, and Enter.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    const focused = () =>
      page.evaluate(() => {
        const one = document.activeElement as HTMLElement
        const { outlineStyle, outlineWidth } = getComputedStyle(one)
        return {
          name: one.getAttribute('aria-label') ?? one.closest('label')?.textContent ?? one.textContent ?? '',
          seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
        }
      })
    const until = async (wanted: RegExp) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab')
        const { name, seen } = await focused()
        expect([name, seen]).toEqual([name, true])
        if (wanted.test(name)) return
      }
      throw new Error(`Tab never came to ${wanted}`)
    }
    await until(/^Porosity, by number/)
    await page.keyboard.type('0.5')
    await until(/^Samples/)
    await page.keyboard.press('Control+a')
    await page.keyboard.type('2')
    await until(/^Network calls/)
    await page.keyboard.type('2')
    await page.keyboard.press('Enter')
    await done(page)
    await until(/^Download as npz/)
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    const { fractions } = readNpz(readFileSync(await file.path()), 'samples.npz') as Record<string, NdArray>
    expect([...fractions.data]).toEqual([0.5, 0.5, 0.5, 0.5])
    expect(await faults(page)).toEqual([])
    await context.close()
  })

  it('stands still for those who want it to', async () => {
    const { page, context } = await visit()
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(page, 'digits.onnx')
    await page.evaluate(() => {
      const frames = new Set<string>()
      Object.assign(globalThis, { frames })
      new MutationObserver(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.grid canvas')
        if (canvas && document.querySelector('.course')) frames.add(canvas.toDataURL())
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    await generate(page, { 'Mass, by number': '300', Samples: '1', 'Network calls': '20' })
    const seen = await page.evaluate(() => (globalThis as unknown as { frames: Set<string> }).frames.size)
    expect(seen).toBeLessThanOrEqual(1)
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter(one => {
          const { transitionDuration, animationDuration } = getComputedStyle(one)
          return /[1-9]/.test(transitionDuration) || /[1-9]/.test(animationDuration)
        }).length,
    )
    expect(moving).toBe(0)
    await context.close()
  })
}
