/** What a run learns from: images as they are, or crops of a material. */
import { cannot, demand } from '../../base/errors.ts'
import { random } from '../../base/random.ts'
import { sizeOf } from '../../formats/array.ts'
import type { ImageSet } from '../../formats/dataset.ts'
import { crc32 } from '../../formats/gzip.ts'
import type { Quantised } from '../../formats/series.ts'
import type { Graph, GraphData } from '../../graph/index.ts'
import type { Material } from '../../model/description.ts'
import type { Told } from '../../network/told.ts'
import { type CropSource, randomCrops } from '../../training/crops.ts'
import type { PairedImages } from '../../training/pairs.ts'
import type { SourceDescription } from '../../training/sources.ts'
import type { StoredImages } from '../../training/stored.ts'
import { nameOf } from '../files.ts'
import { binarised } from '../input/binarise.ts'
import { loadGraph } from '../input/graph.ts'
import { loadImages, type Reading } from '../input/images.ts'
import { inked, paperOf } from '../input/ink.ts'
import { type LoadedLabels, loadLabels } from '../input/labels.ts'
import { loadSeries } from '../input/series.ts'
import { sharedBytes } from '../input/shared.ts'
import { loadTold, type ToldList, toldOf } from '../input/told.ts'
import { inUnits, loadSeen, type Seen } from '../restore/seen.ts'
import { split, splitSet } from './held-out.ts'
import { type Listed, listedSet } from './listed.ts'
import type { CropOptions, RunOptions } from './options.ts'
import { joinedSets, LABEL, labelCounts, type PartData } from './parts.ts'
import { processNamed } from './processes.ts'

/** A set of images, or of volumes: [C, ...sites] each. */
export interface Examples extends Omit<ImageSet, 'shape'> {
  readonly shape: readonly number[]
}

export interface TrainingData {
  /** Images as samples are: masses, schedule and pictures go by them. All of them, or some crops. */
  readonly images: Examples
  /** Where they are small graphs: what nodes may be, and the most edges at a pair. */
  readonly listed?: Listed
  /** The graph on whose nodes they are. */
  readonly graph?: Graph
  /** What the two parts of each example are, where it is made of two. */
  readonly parts?: readonly [PartData, PartData]
  /** What the network is told of each image beside its class. */
  readonly told?: readonly Told[]
  /** Whether crops are all of a volume: then they have places. */
  readonly whole?: boolean
  /** Those at the other end of a bridge. */
  readonly ends?: Examples
  /** Where the images of a batch come from; what they hold lies in shared memory. */
  readonly source: SourceDescription
  readonly material?: Material
  /** Where the units are of ink: the value of white paper. */
  readonly paper?: number
  /** Of series: what the counts of each channel mean. */
  readonly columns?: readonly Quantised[]
  /** Where crops of what was held out come from, if they fit into it. */
  readonly heldOut?: SourceDescription
  /** How many images there are, crops that do not overlap where they are cut out. */
  readonly count: number
  readonly checksum: string
}

/** What a run learns from, read from where its options say: crops of a material, or whole images. */
export async function dataOf(
  {
    data: path,
    process,
    crops,
    series,
    seed,
    binarise,
    ink,
    fromData,
    pairing,
    graph,
    with: other,
    tell,
  }: RunOptions,
  reading: Reading,
): Promise<TrainingData> {
  const telling = (data: TrainingData) =>
    tell ? toldData(data, loadTold(path, tell, { ...reading, ...data.images }), tell) : data
  const imagesAt = (of: string) => imageData(loadImages(of, { ...reading, split: 'train' }), binarise)
  if (process === 'edges') {
    const { images, listed } = listedSet(path, reading)
    return { ...imageData(images), listed }
  }
  if (fromData !== undefined && processNamed(process).other === 'seen')
    return seenData(imagesAt(path), loadSeen(fromData, reading))
  if (fromData !== undefined) return telling(pairData(imagesAt(path), imagesAt(fromData), pairing))
  if (graph !== undefined) return telling(graphData(imagesAt(path), loadGraph(graph, reading)))
  if (other !== undefined) {
    const [first, second] = [path, ...(other === LABEL ? [] : [other])].map(of =>
      loadImages(of, { ...reading, split: 'train' }),
    )
    const images = binarise === undefined ? first : binarised(first, binarise)
    const { images: both, parts } = joinedSets(images, second ?? labelCounts(first), other)
    return { ...imageData(both), parts }
  }
  if (series) {
    const { images, columns, told } = loadSeries(path, { ...series, tell }, reading)
    const data = { ...imageData(images), columns }
    const lists = [...told].map(([name, of]) => [name, listOf(of)] as const)
    return tell ? toldData(data, toldOf(lists, images), tell) : data
  }
  if (crops) return cropData(path, { ...crops, seed }, reading)
  if (ink) return telling(inkData(loadImages(path, { ...reading, split: 'train' }), nameOf(path)))
  return telling(imagesAt(path))
}

/** Numbers or texts, one of each image. */
const listOf = (of: Float64Array<ArrayBuffer> | readonly string[]): ToldList =>
  of instanceof Float64Array ? { data: of, shape: [of.length] } : { texts: of }

/** Images with what is told of them. */
function toldData(
  data: TrainingData,
  { told, rows }: { readonly told: readonly Told[]; readonly rows: Float32Array },
  names: readonly string[],
): TrainingData {
  const shared = new Float32Array(sharedBytes(rows.byteLength))
  shared.set(rows)
  const own = data.source as StoredImages | PairedImages
  // Of pairs it is told of the clean image.
  const source =
    own.kind === 'pairs' ? { ...own, clean: { ...own.clean, told: shared } } : { ...own, told: shared }
  const checksum = data.checksum + checksumOf({ told: names }, new Uint8Array(rows.buffer))
  return { ...data, told, source, checksum }
}

/** Images with what was seen of each, in the units of these, which is told and towards which they go. @throws RangeError for what does not fit */
function seenData(data: TrainingData, seen: Seen): TrainingData {
  const { images } = data
  demand(
    seen.shape[0] === images.count && String(seen.shape.slice(1)) === String(images.shape),
    'train',
    'what was seen, --from-data,',
    `one for each of ${images.count} images of ${images.shape.join('×')}`,
    seen.shape.join('×'),
  )
  const { told, rows } = toldOf([['seen', { data: inUnits(seen), shape: [...seen.shape] }]], images)
  const towards = told.map(one => ({ ...one, end: true as const }) as Told)
  return toldData(data, { told: towards, rows }, ['seen'])
}

/** Counts on the nodes of a graph. @throws RangeError where they are of another number */
function graphData(data: TrainingData, { graph }: GraphData): TrainingData {
  const { shape } = data.images
  const fits = shape[1] === 1 && shape[2] === graph.nodes
  demand(fits, 'train', 'the counts of --data', `of ${graph.nodes} nodes, [N, 1, ${graph.nodes}]`, shape)
  return { ...data, graph }
}

/** Images and those at the other end of their bridges. @throws RangeError where they are of other shapes */
function pairData(
  to: TrainingData,
  from: TrainingData,
  pairing: RunOptions['pairing'] = 'independent',
): TrainingData {
  const { shape } = to.images
  const same = String(from.images.shape) === String(shape)
  demand(
    same,
    'train',
    'the images of --from-data',
    `of ${shape.join('×')}, as those of --data`,
    from.images.shape,
  )
  const [clean, end] = [to, from].map(({ source }) => source as StoredImages)
  return {
    ...to,
    ends: from.images,
    source: { kind: 'pairs', clean, end, channels: shape[0], pairing },
    checksum: to.checksum + from.checksum,
  }
}

/** Whole images, with their classes; in black and white where a threshold is given. */
export function imageData(images: ImageSet, binarise?: number): TrainingData {
  const data = stored(images)
  if (binarise === undefined) return data
  // The checksum stays that of the file.
  const two = binarised(images, binarise)
  const { counts, count, labels } = two
  return { ...data, images: two, source: { kind: 'stored', counts, count, labels } }
}

/** Dark images on white paper: how much is missing from white. */
function inkData(images: ImageSet, name: string): TrainingData {
  const paper = paperOf(images)
  return { ...stored(inked(images, { name, paper })), paper }
}

function stored(images: ImageSet): TrainingData {
  const { counts: read, count, labels } = images
  const counts = new (read.constructor as Uint8ArrayConstructor)(sharedBytes(read.byteLength))
  counts.set(read)
  const { shape, classes } = images
  const told = {
    shape,
    count,
    classes,
    labels: labels && Array.from(labels, Number),
    type: read.BYTES_PER_ELEMENT,
  }
  const checksum = checksumOf(told, new Uint8Array(read.buffer, read.byteOffset, read.byteLength))
  return { images, source: { kind: 'stored', counts, count, labels }, count, checksum }
}

/** Of bytes, and of what they mean: the same bytes in another shape are other data. */
function checksumOf(told: object, bytes: Uint8Array): string {
  const words = new TextEncoder().encode(JSON.stringify(told))
  return [words, bytes].map(part => crc32(part).toString(16).padStart(8, '0')).join('')
}

/** Crops that stand for all where masses are listed and pictures drawn: of large volumes fewer. */
const shownOf = (size: number) => Math.max(16, Math.min(512, Math.floor(2 ** 25 / size)))

/** Crops of the labels of a file or folder, but for what is held out: the last slices, and a gap of half a crop before. */
export async function cropData(
  path: string,
  { seed, ...options }: CropOptions & { seed: number },
  reading: Reading,
): Promise<TrainingData> {
  const { crop, axes, flips, turns, sketch } = options
  const stack = await loadLabels(path, options, reading)
  const { data, shape } = stack
  const what = `train on ${nameOf(path)}`
  const several = shape.length === 4 && crop.length === 3
  const wanted = 'one volume [Z, Y, X] or one slice [Y, X], or with crops of volumes several [N, Z, Y, X]'
  demand(several || shape.length === 3, what, 'the data', wanted, shape)
  const [deep, high, wide] = shape.slice(-3)
  const parts = several ? splitSet(shape[0], options.holdOut) : split(shape, options)
  const plane = several ? deep * high * wide : deep > 1 ? high * wide : wide
  const kept = parts.kept * plane
  const labels = new Uint8Array(sharedBytes(kept))
  const { phases, units } = phasesOf(data.subarray(0, kept))
  const names = namesOf(options.names, phases, what)
  const channel = Uint8Array.from({ length: 256 }, (_, label) => units.indexOf(label) + 1)
  for (let i = 0; i < kept; i++) labels[i] = channel[data[i]]
  const volumeOf = (slices: number) =>
    several
      ? ([deep, high, wide] as const)
      : ([deep > 1 ? slices : 1, deep > 1 ? high : slices, wide] as const)
  const volume = volumeOf(parts.kept)
  const sketched = sketch && { sketch: 'zyx'.indexOf(sketch) }
  const cutting = {
    kind: 'crops',
    size: crop,
    channels: units.length,
    axes,
    flips,
    turns,
    ...sketched,
  } as const
  const source = { ...cutting, labels, shape: volume }
  const [from, to] = parts.held ?? [0, 0]
  const beyond = data.subarray(from * plane, to * plane).map(label => channel[label])
  const each = sizeOf(crop)
  const size = units.length * each
  const shown = shownOf(size)
  const counts = new Uint8Array(shown * size)
  const [stream, cut, out] = [random(seed).fork(4), randomCrops(source), new Int32Array(size)]
  for (let i = 0; i < shown; i++) {
    cut.draw(i, { random: stream.fork(i), out })
    counts.set(out, i * size)
  }
  const { voxelSize, unit, spacing } = sidesOf(stack, { crop, axes, turns, what })
  const material = {
    phases: names,
    units,
    ...(voxelSize === undefined ? {} : { voxelSize }),
    ...(unit === undefined ? {} : { unit }),
    ...(spacing === undefined ? {} : { spacing }),
    ...(parts.held ? { heldOut: parts.held } : {}),
  }
  return {
    images: { shape: [units.length, ...crop], count: shown, counts },
    source,
    material,
    whole: several && String(crop) === String(shape.slice(1)),
    ...(sketch && { told: [sketchOf('zyx'.indexOf(sketch))] }),
    heldOut: parts.held && whereFits({ ...cutting, labels: beyond, shape: volumeOf(to - from) }),
    count: Math.floor(((crop.length === 3 ? 1 : axes.length) * kept) / each),
    checksum: checksumOf({ shape: volume, material, sketch }, labels),
  }
}

/** What is told where volumes are looked at along an axis. */
const sketchOf = (axis: number): Told => ({ name: 'sketch', kind: 'image', channels: 1, scale: 1, axis })

/** A source of crops, where there is one that fits. */
function whereFits(source: CropSource): CropSource | undefined {
  try {
    randomCrops(source)
    return source
  } catch {
    return undefined
  }
}

/** The side of a voxel of the crops, or its sides. @throws RangeError where these differ and crops are turned. */
function sidesOf(
  { voxelSize, unit, scale }: LoadedLabels,
  { crop, axes, turns, what }: Pick<CropOptions, 'crop' | 'axes' | 'turns'> & { what: string },
): Pick<Material, 'voxelSize' | 'unit' | 'spacing'> {
  if (voxelSize !== undefined || !scale) return { voxelSize, unit }
  const { x, y, z } = scale
  if (crop.length === 3) {
    const wanted = 'cubic (scale the data), or crops not turned: --no-turns'
    if (turns) throw new RangeError(cannot(what, 'its voxels', wanted, [z, y, x]))
    return { spacing: [z ?? x, y, x], unit: scale.unit === '' ? undefined : scale.unit }
  }
  const flat = axes.length === 1 && axes[0] === 'z' && x === y
  const wanted = 'cubic: cut slices normal to z alone (--axes z) where x and y are equal, or scale the data'
  if (!flat) throw new RangeError(cannot(what, 'its voxels', wanted, [x, y, z]))
  return { voxelSize: x, unit: scale.unit === '' ? undefined : scale.unit }
}

/** How many phases there are, and the labels of all but the most abundant one: those are the units. */
function phasesOf(labels: Uint8Array): { phases: number; units: number[] } {
  const voxels = new Array<number>(256).fill(0)
  for (let i = 0; i < labels.length; i++) voxels[labels[i]]++
  const phases = Math.max(2, 1 + voxels.findLastIndex(n => n > 0))
  const left = voxels.indexOf(Math.max(...voxels))
  return {
    phases,
    units: Array.from({ length: phases }, (_, label) => label).filter(label => label !== left),
  }
}

function namesOf(given: readonly string[] | undefined, phases: number, what: string): string[] {
  const solids = phases === 2 ? ['solid'] : Array.from({ length: phases - 1 }, (_, k) => `phase ${k + 1}`)
  if (!given) return ['pore', ...solids]
  if (given.length >= phases) return given.slice(0, phases)
  throw new RangeError(cannot(what, '--phase', `a name for each of the ${phases} labels`, given.join(', ')))
}
