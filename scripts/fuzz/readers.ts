/** Every reader of bytes that come from outside, and a few small files for each to begin with. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'fflate'
import { budgetFor } from '../../src/formats/budget.ts'
import { readCifar } from '../../src/formats/cifar.ts'
import { numbersOf, readCsv } from '../../src/formats/csv.ts'
import { readImages } from '../../src/formats/dataset.ts'
import { gunzip } from '../../src/formats/gzip.ts'
import { readIdx } from '../../src/formats/idx.ts'
import { readNpy, writeNpy } from '../../src/formats/npy.ts'
import { readNpz, writeNpz } from '../../src/formats/npz.ts'
import { decodeModel, encodeModel } from '../../src/formats/onnx.ts'
import { readIndexedPng, readPng } from '../../src/formats/png.ts'
import { writePng } from '../../src/formats/png-writer.ts'
import type { Source } from '../../src/formats/source.ts'
import { readTiff } from '../../src/formats/tiff/reader.ts'
import { readHdf5 } from '../../src/formats/volumes/hdf5.ts'
import { writeNrrd } from '../../src/formats/volumes/label-writers.ts'
import { readMetaImage } from '../../src/formats/volumes/metaimage.ts'
import { readNifti } from '../../src/formats/volumes/nifti.ts'
import { readNrrd } from '../../src/formats/volumes/nrrd.ts'
import { readVti } from '../../src/formats/volumes/vti-reader.ts'
import { writeVti } from '../../src/formats/volumes/vti-writer.ts'
import { readZip } from '../../src/formats/zip.ts'
import { recordText } from '../../src/jobs/record.ts'
import { recordIn } from '../../src/jobs/recorded.ts'
import { planOf } from '../../src/jobs/run.ts'
import { readNote } from '../../src/jobs/shard/shard.ts'
import type { ModelDescription } from '../../src/model/description.ts'
import { decodeModelFile, encodeModelFile, layoutFor } from '../../src/model/file.ts'
import { machineFiles } from '../../src/node/machine.ts'
import { packageRoot } from '../../src/node/package-root.ts'
import { readVolume } from '../../src/structure/read-volume.ts'

export interface Reader {
  readonly seeds: readonly Uint8Array[]
  read(bytes: Uint8Array, source: Source): unknown
}

/** What a file may unpack to here. */
export const memory = 2 ** 27

export const sourceFor = (bytes: Uint8Array): Source => ({
  name: 'file',
  budget: budgetFor(bytes.length, memory),
  say() {},
  beside: () => new Uint8Array(64),
})

const text = (words: string) => new Uint8Array(Buffer.from(words, 'latin1'))
const words = (bytes: Uint8Array) => Buffer.from(bytes).toString()

/** Files of other programs, out of the vectors of the tests where they are there. */
function vectors(): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const add = (name: string, base64: string) => found.set(name, new Uint8Array(Buffer.from(base64, 'base64')))
  const json = (name: string) => {
    const path = join(packageRoot, 'tests/formats/vectors', name)
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  }
  for (const [name, { file }] of Object.entries(json('stacks.json') as Record<string, { file: string }>))
    add(name, file)
  for (const [i, { file }] of ((json('tiff.json').files ?? []) as { file: string }[]).entries())
    add(`${i}.tif`, file)
  const { model } = json('onnx_model.json')
  if (model) add('other.onnx', model)
  return found
}

/** A model of a network as small as can be. */
function tinyModel(): Uint8Array {
  const { bytes } = machineFiles.model('mnist')
  const { description } = decodeModelFile(bytes, 'mnist')
  const network = {
    ...description.network,
    base: 4,
    multipliers: [1],
    blocks: [1],
    attention: [false],
    embedding: 8,
  }
  const small = { ...description, network, parameters: layoutFor({ task: description.task, network }).size }
  const data = { ...description.data, masses: [[9]], labels: [1], gaussian: undefined }
  return encodeModelFile({ ...small, data } as ModelDescription, new Float32Array(small.parameters))
}

const all = { data: Uint8Array.from({ length: 24 }, (_, i) => i % 5), shape: [2, 3, 4] }
const record = {
  saltus: '0',
  job: { kind: 'generate', model: 'mnist', count: 2 },
  sha256: {},
  fingerprint: 'f',
}
const note =
  '{"shard":[0,2],"range":[0,4],"total":8,"sha256":"a","bytes":3,"fingerprint":"f","seconds":1,"job":{"kind":"generate"},"saltus":"0","read":{}}'

/** Every reader with its seeds. */
export function readers(): Readonly<Record<string, Reader>> {
  const found = vectors()
  const like = (...endings: string[]) =>
    [...found]
      .filter(([name, { length }]) => endings.some(end => name.endsWith(end)) && length < 20_000)
      .map(([, file]) => file)
  const npy = writeNpy(all)
  const npys = [npy, writeNpy({ data: Float64Array.of(1, -2, 3), shape: [3] }), writeNpy('a text')]
  const npz = [
    writeNpz({ samples: all, labels: { data: Uint8Array.of(1, 2), shape: [2] }, saltus: recordText(record) }),
  ]
  const png = [
    writePng({ data: all.data, shape: [1, 4, 6] }),
    writePng({ data: all.data, shape: [3, 2, 4] }),
    ...like('.png'),
  ]
  const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, ...all.data)
  const cifar = new Uint8Array(3073).fill(3)
  const nrrd = [writeNrrd({ data: all.data, shape: [2, 3, 4] }), ...like('.nrrd')]
  const vti = [
    writeVti({ data: all.data, shape: [2, 3, 4] }, { spacing: [1, 1, 1], fields: { seed: [1] } }),
    ...like('.vti'),
  ]
  const mha = text(
    'ObjectType = Image\nNDims = 2\nDimSize = 2 3\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n123456',
  )
  const tiny = tinyModel()
  const plain = decodeModel(tiny, 'tiny')
  const graph = encodeModel({ ...plain, metadata: {} })
  const raw = { shape: [2, 3, 4], element: 'u1', bigEndian: false } as const
  // Models are read by a reader of their own.
  const files = { ...machineFiles, model: (name: string) => ({ ...machineFiles.model(name), bytes: tiny }) }
  const volumes = [npy, ...npz, ...png, ...nrrd, ...vti, mha, ...like('.nii', '.mha')]
  return {
    npy: { seeds: npys, read: readNpy },
    npz: { seeds: npz, read: readNpz },
    zip: {
      seeds: npz,
      read: (bytes, source) => [...readZip(bytes, source).values()].map(unpack => unpack()),
    },
    gzip: { seeds: npys.map(one => gzipSync(one, { mtime: 0 })), read: gunzip },
    png: { seeds: png, read: (bytes, source) => [readIndexedPng(bytes, source), readPng(bytes, source)] },
    tiff: { seeds: like('.tif'), read: readTiff },
    idx: { seeds: [idx, gzipSync(idx, { mtime: 0 })], read: readIdx },
    cifar: { seeds: [cifar], read: bytes => readCifar(bytes, 'file') },
    raw: {
      seeds: [all.data],
      read: (bytes, source) => readVolume({ ...source, name: 'file.raw' }, bytes, { raw }),
    },
    vti: { seeds: vti, read: (bytes, source) => readVti(bytes, source, {}) },
    mhd: { seeds: [mha, ...like('.mha')], read: readMetaImage },
    nrrd: { seeds: nrrd, read: readNrrd },
    nifti: { seeds: like('.nii'), read: readNifti },
    hdf5: { seeds: like('.h5', '.dream3d'), read: (bytes, source) => readHdf5(bytes, source) },
    volume: { seeds: volumes, read: (bytes, source) => readVolume(source, bytes) },
    images: { seeds: [idx, cifar, npy, ...npz, ...png], read: (bytes, source) => readImages(source, bytes) },
    csv: {
      seeds: [text('a,b,c\n1,2,3\n4,5,"6"\n'), text('0.5; 1.5 # note\n1;2\n')],
      read: bytes => {
        for (const measured of [true, false]) numbersOf(readCsv(words(bytes), 'file', { measured }), 0)
      },
    },
    job: {
      seeds: [
        text(JSON.stringify(record.job)),
        text('{"kind":"generate","model":"mnist","mass":[[9,99]],"calls":3,"class":"1:3"}'),
      ],
      read: bytes => planOf(parsed(bytes), { files }),
    },
    record: { seeds: [...npz, text(`x${recordText(record)}y`)], read: bytes => recordIn(bytes, 'file') },
    note: { seeds: [text(note)], read: bytes => readNote(words(bytes), 'file') },
    onnx: { seeds: [graph, ...like('.onnx')], read: bytes => decodeModel(bytes, 'file') },
    model: { seeds: [tiny], read: bytes => decodeModelFile(bytes, 'file') },
  }
}

/** JSON, or nothing: whoever reads a job from a file says so of what is none. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(words(bytes))
  } catch {
    return undefined
  }
}
