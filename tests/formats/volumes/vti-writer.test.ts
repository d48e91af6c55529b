import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { DOMParser } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { writeVti } from '../../../src/formats/volumes/vti-writer.ts'

const labels = (...shape: number[]) => ({
  data: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * i + (i >> 4)) % 5),
  shape,
})

/** The file by its description: XML, and blocks of zlib behind a header of 64-bit sizes, both in base64. */
function parsed(file: Uint8Array) {
  const document = new DOMParser().parseFromString(new TextDecoder().decode(file), 'text/xml')
  const at = (name: string) => document.querySelector(name)!
  const text = at('AppendedData').textContent!.trim()
  expect(text[0]).toBe('_')
  const count = Number(Buffer.from(text.slice(1, 13), 'base64').readUInt32LE(0))
  const headerLetters = 4 * Math.ceil((8 * (3 + count)) / 3)
  const header = Buffer.from(text.slice(1, 1 + headerLetters), 'base64')
  const sizes = Array.from({ length: 3 + count }, (_, i) => Number(header.readBigUInt64LE(8 * i)))
  const packed = Buffer.from(text.slice(1 + headerLetters), 'base64')
  const blocks: Buffer[] = []
  let start = 0
  for (const size of sizes.slice(3)) {
    blocks.push(inflateSync(packed.subarray(start, start + size)))
    start += size
  }
  expect(start).toBe(packed.length)
  return { at, sizes, blocks, cells: new Uint8Array(Buffer.concat(blocks)) }
}

describe('writeVti', () => {
  it('`writeVti()` writes cells with x fastest, and the voxel size as spacing', () => {
    const { data, shape } = labels(3, 4, 5)
    const file = writeVti({ data, shape }, { spacing: [1.5, 2.5, 3.5], origin: [1, 2, 3] })
    const { at, sizes, cells } = parsed(file)
    expect(at('VTKFile').getAttribute('type')).toBe('ImageData')
    expect(at('VTKFile').getAttribute('compressor')).toBe('vtkZLibDataCompressor')
    expect(at('VTKFile').getAttribute('header_type')).toBe('UInt64')
    // Extents are those of the corners: 5 cells along x have 6 of them.
    for (const name of ['ImageData', 'Piece'])
      expect(at(name).getAttribute(name === 'Piece' ? 'Extent' : 'WholeExtent')).toBe('0 5 0 4 0 3')
    expect(at('ImageData').getAttribute('Spacing')).toBe('1.5 2.5 3.5')
    expect(at('ImageData').getAttribute('Origin')).toBe('1 2 3')
    expect(at('CellData').getAttribute('Scalars')).toBe('labels')
    const array = at('CellData > DataArray')
    expect(['type', 'Name', 'format', 'offset'].map(name => array.getAttribute(name))).toEqual([
      'UInt8',
      'labels',
      'appended',
      '0',
    ])
    expect(sizes.slice(0, 3)).toEqual([1, 2 ** 20, 60])
    // The cell (x, y, z) is number x + 5 (y + 4 z).
    expect(cells).toEqual(data)
  })

  it('`writeVti()` makes slices one voxel thick, and packs large volumes in blocks', () => {
    const flat = parsed(writeVti(labels(4, 6)))
    expect(flat.at('ImageData').getAttribute('WholeExtent')).toBe('0 6 0 4 0 1')
    expect(flat.cells).toEqual(labels(4, 6).data)
    const large = labels(5, 600, 500)
    const { sizes, blocks, cells } = parsed(writeVti(large))
    expect(sizes.slice(0, 3)).toEqual([2, 2 ** 20, 1_500_000 - 2 ** 20])
    expect(blocks.map(block => block.length)).toEqual([2 ** 20, 1_500_000 - 2 ** 20])
    expect(Buffer.compare(cells, large.data)).toBe(0)
    // A whole number of blocks has no last one that is smaller.
    expect(parsed(writeVti(labels(2, 1024, 1024))).sizes.slice(0, 3)).toEqual([2, 2 ** 20, 0])
  })

  it('`writeVti()` writes numbers and texts as fields of the whole', () => {
    const fields = { model: 'a "µ" <b>', fractions: [0.25, 0.75], seed: [7] }
    const { at } = parsed(writeVti(labels(2, 2), { fields }))
    const text = at('FieldData > Array')
    expect(text.getAttribute('type')).toBe('String')
    const bytes = text.textContent!.split(' ').map(Number)
    expect(bytes.at(-1)).toBe(0)
    expect(new TextDecoder().decode(Uint8Array.from(bytes.slice(0, -1)))).toBe(fields.model)
    const numbers = at('FieldData > DataArray[Name="fractions"]')
    expect([numbers.getAttribute('NumberOfTuples'), numbers.textContent]).toEqual(['2', '0.25 0.75'])
  })

  it('`writeVti()` refuses what is neither slice nor volume', () => {
    expect(() => writeVti({ data: new Uint8Array(4), shape: [4] })).toThrow(
      'the shape must be [H, W] or [D, H, W]',
    )
    expect(() => writeVti({ data: new Uint8Array(4), shape: [2, 3] })).toThrow('must be 6 elements, got 4')
  })

  const python = ['/usr/bin/python3', 'python3'].find(
    name => spawnSync(name, ['-c', 'import vtk'], { stdio: 'ignore' }).status === 0,
  )

  it.skipIf(!python)('`writeVti()` is read by VTK itself, where it is installed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'saltus-vti-'))
    const { data, shape } = labels(3, 4, 5)
    writeFileSync(
      join(folder, 'a.vti'),
      writeVti({ data, shape }, { spacing: [0.5, 1, 2], fields: { model: 'rock' } }),
    )
    const script = [
      'import json, vtk',
      'reader = vtk.vtkXMLImageDataReader()',
      'reader.SetFileName("a.vti")',
      'reader.Update()',
      'image = reader.GetOutput()',
      'cells = image.GetCellData().GetArray("labels")',
      'values = [cells.GetValue(i) for i in range(cells.GetNumberOfTuples())]',
      'model = image.GetFieldData().GetAbstractArray("model").GetValue(0)',
      'print(json.dumps([image.GetDimensions(), image.GetSpacing(), values, model]))',
    ].join('\n')
    const { stdout } = spawnSync(python!, ['-c', script], { cwd: folder, encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(JSON.parse(stdout)).toEqual([[6, 5, 4], [0.5, 1, 2], [...data], 'rock'])
  })
})
