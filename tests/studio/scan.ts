// One's own data in the studio.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { writeNpy } from '../../src/formats/npy.ts'
import { writeNpz } from '../../src/formats/npz.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import { writeTiff } from '../../src/formats/tiff/writer.ts'
import { readVti } from '../../src/formats/volumes/vti-reader.ts'
import { writeVti } from '../../src/formats/volumes/vti-writer.ts'
import { good, write } from '../cli/saltus.ts'
import { copied, done, folder, go, open, pixels, saved, visit } from './site.ts'

/** Labels [D, H, W], about a third of them solid. */
function rock(shape: readonly number[]): Uint8Array {
  const rng = random(7)
  const [, height, width] = shape
  const coarse = Uint8Array.from({ length: 4096 }, () => Number(rng.uniform() < 0.35))
  return Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => {
    const [z, y, x] = [Math.floor(i / width / height), Math.floor(i / width) % height, i % width]
    return coarse[((z >> 2) * 256 + (y >> 2) * 16 + (x >> 2)) % 4096]
  })
}

/** TIFF pages of 16 bits, little-endian, as they stand in TIFF 6.0, §2. */
function words(data: Uint16Array, [pages, height, width]: readonly number[]): Uint8Array {
  const page = 2 * height * width
  const entries = 9
  const each = page + 2 + 12 * entries + 4
  const bytes = new Uint8Array(8 + pages * each)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x002a4949, true)
  view.setUint32(4, 8 + page, true)
  for (let p = 0; p < pages; p++) {
    const at = 8 + p * each
    for (let i = 0; i < height * width; i++) view.setUint16(at + 2 * i, data[p * height * width + i], true)
    let entry = at + page
    view.setUint16(entry, entries, true)
    entry += 2
    for (const [tag, value] of [
      [256, width],
      [257, height],
      [258, 16],
      [259, 1],
      [262, 1],
      [273, at],
      [277, 1],
      [278, height],
      [279, page],
    ]) {
      view.setUint16(entry, tag, true)
      view.setUint16(entry + 2, 4, true)
      view.setUint32(entry + 4, 1, true)
      view.setUint32(entry + 8, value, true)
      entry += 12
    }
    view.setUint32(entry, p + 1 < pages ? at + each + page : 0, true)
  }
  return bytes
}

const pick = (page: Page, files: Record<string, Uint8Array>) =>
  page.getByLabel('Drop a scan').setInputFiles(
    Object.entries(files).map(([name, bytes]) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    })),
  )

/** Drops a file where it is wanted. */
async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const data = await page.evaluateHandle(
    ([name, list]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(list as number[])], name as string))
      return transfer
    },
    [name, [...bytes]] as const,
  )
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data })
}

/** What is said of the scan: its name, its size, the voxels of each phase. */
async function told(page: Page, name: string) {
  await page.locator('.facts dd', { hasText: name }).first().waitFor()
  return {
    size: await page.locator('[data-size]').getAttribute('data-size'),
    voxels: await page
      .locator('[data-voxels]')
      .evaluateAll(all => all.map(one => Number((one as HTMLElement).dataset.voxels))),
  }
}

export function scanning(): void {
  it('reads scans that are dropped or picked, right to the voxel', async () => {
    const { page, context, wrong } = await visit({ hash: '#data' })
    const shape = [6, 9, 11]
    const data = rock(shape)
    const solid = data.reduce((sum, label) => sum + label, 0)
    const voxels = [data.length - solid, solid]
    const plane = data.subarray(0, 99)
    const inPlane = [99 - plane.reduce((sum, label) => sum + label, 0), plane.reduce((a, b) => a + b, 0)]
    await drop(page, 'stack.tif', writeTiff({ data, shape }))
    expect(await told(page, 'stack.tif')).toEqual({ size: '6×9×11', voxels })
    await pick(page, {
      'words.tif': words(
        Uint16Array.from(data, label => 65535 * label),
        shape,
      ),
    })
    expect(await told(page, 'words.tif')).toEqual({ size: '6×9×11', voxels })
    await pick(page, { 'array.npy': writeNpy({ data, shape }) })
    expect(await told(page, 'array.npy')).toEqual({ size: '6×9×11', voxels })
    await pick(page, { 'packed.npz': writeNpz({ labels: { data, shape } }) })
    expect(await told(page, 'packed.npz')).toEqual({ size: '6×9×11', voxels })
    await pick(page, { 'grid.vti': writeVti({ data, shape }) })
    expect(await told(page, 'grid.vti')).toEqual({ size: '6×9×11', voxels })
    const slice = (z: number) =>
      writePng({ data: data.slice(99 * z, 99 * z + 99).map(label => 255 * label), shape: [1, 9, 11] })
    await pick(page, { 'one.png': slice(0) })
    expect(await told(page, 'one.png')).toEqual({ size: '9×11', voxels: inPlane })
    const slices = Object.fromEntries([10, 9, 2].map(z => [`slice-${z}.png`, slice(z % 6)]))
    await pick(page, slices)
    expect((await told(page, 'slices')).size).toBe('3×9×11')
    await pick(page, { 'bytes.raw': data })
    await page.getByLabel('Slices, rows, columns').fill('6,9,11')
    await page.getByRole('button', { name: 'Open it' }).click()
    expect(await told(page, 'bytes.raw')).toEqual({ size: '6×9×11', voxels })
    expect(wrong).toEqual([])

    // What cannot be read is answered in a sentence, and what was there stays.
    const huge = writeNpy({ data: new Uint8Array(1), shape: [1, 1] })
    const text = Buffer.from(huge)
      .toString('latin1')
      .replace('(1, 1)', '(99999, 99999)')
      .replace('      \n', '\n')
    for (const [name, bytes] of [
      ['short.npy', writeNpy({ data, shape }).subarray(0, 200)],
      ['huge.npy', Uint8Array.from(Buffer.from(text, 'latin1'))],
      ['notes.txt', new TextEncoder().encode('no scan at all')],
    ] as const) {
      await pick(page, { [name]: bytes })
      const alert = page.getByRole('alert').filter({ hasText: name.slice(0, 5) })
      await alert.waitFor()
      expect(await alert.textContent()).toMatch(/^Cannot .* must be .*$/)
      expect(await told(page, 'bytes.raw')).toEqual({ size: '6×9×11', voxels })
    }

    // Grey values are not labels until a threshold says so.
    const grey = Uint8Array.from(data, (label, i) => (label ? 180 : 70) + (i % 13))
    await pick(page, { 'grey.npy': writeNpy({ data: grey, shape }) })
    expect((await told(page, 'grey.npy')).voxels).toEqual([])
    await page.getByRole('button', { name: "Otsu's" }).click()
    await page.locator('[data-porosity]').waitFor()
    expect((await told(page, 'grey.npy')).voxels).toEqual(voxels)
    await context.close()
  })

  it('measures to the numbers of saltus measure --json, and puts samples beside', async () => {
    const { page, context, wrong } = await visit()
    await open(page, 'rock.onnx')
    await page.locator('form').getByLabel('Samples').fill('3')
    await page.locator('form').getByLabel('Network calls').fill('2')
    await page.keyboard.press('Enter')
    await done(page)
    write(folder, 'samples.npz', (await saved(page, 'Download as npz')).bytes)
    await go(page, 'Own data')
    const shape = [1, 24, 24]
    write(folder, 'plane.npy', writeNpy({ data: rock(shape), shape }))
    await page.getByLabel('Drop a scan').setInputFiles(join(folder, 'plane.npy'))
    await told(page, 'plane.npy')
    await page.getByRole('button', { name: 'Measure' }).click()
    await page.locator('.chart svg[role="img"]').first().waitFor()
    const json = (await saved(page, 'Download as json')).bytes
    const command = await copied(page, 'Copy as command')
    const { stdout } = await good(command.split(' ').slice(1), folder)
    expect(Buffer.from(json).toString()).toBe(stdout)
    const record = JSON.parse(stdout)
    expect(Number(await page.locator('[data-porosity]').getAttribute('data-porosity'))).toBeCloseTo(
      record.porosity,
      9,
    )
    // The tables behind the charts.
    const tables = await page.locator('.chart').evaluateAll(all =>
      all.map(chart => ({
        title: chart.querySelector('figcaption')?.textContent ?? '',
        label: chart.querySelector('svg[role="img"]')?.getAttribute('aria-label'),
        rows: [...chart.querySelectorAll('tbody')].map(body =>
          [...body.rows].map(({ cells }) => [...cells].map(cell => Number(cell.textContent))),
        ),
      })),
    )
    const wanted: Record<string, [x: number[], y: number[]]> = {
      'Two-point correlation': [record.s2.r, record.s2.radial],
      'Lineal path': [record.linealPath.r, record.linealPath.mean],
      'Pore sizes (local thickness)': [record.poreSizes.diameter, record.poreSizes.share],
    }
    for (const [title, [x, y]] of Object.entries(wanted)) {
      const table = tables.find(one => one.title === title)!
      expect(table.label).toBe(title)
      expect(table.rows[0].length).toBe(x.length)
      table.rows[0].forEach(([at, value], i) => {
        expect(Math.abs(at - x[i])).toBeLessThan(1e-6)
        expect(Math.abs(value - y[i])).toBeLessThan(1e-6)
      })
    }
    await page.getByLabel(/Samples of rock beside it/).check()
    await page.getByRole('button', { name: 'Measure' }).click()
    await page.locator('th', { hasText: 'reference' }).first().waitFor()
    const both = await copied(page, 'Copy as command')
    expect(both).toMatch(/^saltus measure samples\.npz .*--reference plane\.npy/)
    const beside = await good(both.split(' ').slice(1), folder)
    expect(Buffer.from((await saved(page, 'Download as json')).bytes).toString()).toBe(beside.stdout)
    expect(wrong).toEqual([])
    await context.close()
  })

  it('shows a volume of 64³ that arrows turn, and gives it as .vti', async () => {
    const { page, context, wrong } = await visit({ hash: '#data' })
    const shape = [64, 64, 64]
    const data = rock(shape)
    await pick(page, { 'cube.vti': writeVti({ data, shape }, { spacing: [2.5, 2.5, 2.5] }) })
    await told(page, 'cube.vti')
    const canvas = page.locator('canvas.turning')
    await canvas.waitFor()
    const colours = () =>
      canvas.evaluate(one => {
        const copy = document.createElement('canvas')
        copy.width = 140
        copy.height = 105
        const at = copy.getContext('2d')!
        at.drawImage(one as HTMLCanvasElement, 0, 0, 140, 105)
        return new Set(new Uint32Array(at.getImageData(0, 0, 140, 105).data.buffer)).size
      })
    await expect.poll(colours, { timeout: 30_000 }).toBeGreaterThan(20)
    const before = await pixels(page, 'canvas.turning')
    await canvas.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => pixels(page, 'canvas.turning')).not.toBe(before)
    const slice = await pixels(page, '.slices canvas')
    await page.getByLabel('Slice across z').fill('9')
    await expect.poll(() => pixels(page, '.slices canvas')).not.toBe(slice)
    const { bytes } = await saved(page, 'Download labels as vti')
    const read = readVti(bytes, 'labels.vti')
    expect(read.shape.slice(0, 3)).toEqual(shape)
    expect(read.scale).toMatchObject({ x: 2.5, y: 2.5, z: 2.5 })
    expect(Buffer.from(read.data as Uint8Array).equals(Buffer.from(data))).toBe(true)
    expect(wrong).toEqual([])
    await context.close()
  })
}
