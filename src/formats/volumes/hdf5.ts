/**
 * HDF5 (.h5, .hdf5, DREAM.3D's .dream3d, MATLAB's .mat from 7.3 on), read by jsfive: arrays in one piece or in chunks,
 * packed with deflate or not, of files in the layout that h5py and DREAM.3D write.
 */
import type { Dataset, Group } from 'jsfive'
import { type Element, elementBytes, type NdArray, sizeOf } from '../array.ts'
import type { Grid } from '../grid.ts'
import { axesOf } from '../grid.ts'
import { malformed } from '../malformed.ts'
import { isLength, type Scale } from '../scale.ts'
import { type Source, sourceOf } from '../source.ts'
import { arrayNamed } from './array-named.ts'

const signature = [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10]

/** Where the file begins: MATLAB puts 512 bytes of its own before; -1 for other files. */
function startOf(bytes: Uint8Array): number {
  return [0, 512].find(at => signature.every((byte, i) => bytes[at + i] === byte)) ?? -1
}

export const isHdf5 = (bytes: Uint8Array): boolean => startOf(bytes) >= 0

/** jsfive holds numbers one by one, and then they are copied. */
const bytesEach = 24

/**
 * Reads one array: that whose path or last name is `array`, or the only one with two axes at least.
 * @returns axes Z, Y, X with samples behind; MATLAB's axes come in reversed order, as they lie
 * @throws SyntaxError if the file is damaged, uses what jsfive does not know, or the array is not clear
 */
export async function readHdf5(
  bytes: Uint8Array,
  source: string | Source,
  { array }: { readonly array?: string } = {},
): Promise<Grid> {
  const of = sourceOf(source, bytes)
  const { name } = of
  // Loaded where it is needed: the command line starts without it.
  const { File, Dataset } = await import('jsfive')
  return guarded(name, () => {
    const file = new File(new Uint8Array(bytes.subarray(startOf(bytes))).buffer)
    const all = new Map<string, Dataset>()
    gather(file, { path: '', found: all, isArray: one => one instanceof Dataset })
    const grids = new Map([...all].filter(([, { shape }]) => shape.length >= 2 && sizeOf(shape) > 1))
    const byName = array === undefined ? undefined : pathOf(array, grids)
    const dataset = arrayNamed(grids, {
      array: byName,
      usual: ['/samples', '/images', '/labels', '/data', '/volume', '/exchange/data'],
      name,
    })
    const scale = scaleOf(all)
    const { data, shape } = valuesOf(dataset, of)
    const axes = axesFor(shape)
    if (!axes) throw malformed(name, 'the axes of its array', 'two to four', shape)
    return { data, shape, axes, ...(scale && { scale }) }
  })
}

/** What jsfive throws is a text more often than not. */
function guarded<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof RangeError && /^Cannot read/.test(error.message)))
      throw error
    const reason = String(error instanceof Error ? error.message : error).split('\n')[0]
    throw malformed(name, 'the HDF5 file', 'whole, in the earliest layout (libver="earliest")', reason)
  }
}

/** Most arrays that are listed, and how deep groups may lie in each other. */
const [mostArrays, deepest] = [2000, 16]

function gather(
  group: Group,
  {
    path,
    found,
    isArray,
  }: { path: string; found: Map<string, Dataset>; isArray: (one: Group | Dataset) => one is Dataset },
): void {
  if (path.split('/').length > deepest) return
  for (const key of group.keys) {
    if (found.size >= mostArrays) return
    const one = group.get(key)
    if (!one) continue
    const there = `${path}/${key}`
    if (isArray(one)) found.set(there, one)
    else gather(one, { path: there, found, isArray })
  }
}

/** The full path of an array that is given by its path or by its last name. */
function pathOf(array: string, arrays: ReadonlyMap<string, Dataset>): string {
  const paths = [...arrays.keys()]
  const path = array.startsWith('/') ? array : `/${array}`
  if (arrays.has(path)) return path
  const ends = paths.filter(one => one.endsWith(path))
  return ends.length === 1 ? ends[0] : path
}

function valuesOf(dataset: Dataset, source: Source): NdArray {
  const { name, budget } = source
  const { dtype } = dataset
  const shape = dataset.shape.map(Number)
  const [, kind] = (typeof dtype === 'string' && /^[<>|=]?([uif]\d)$/.exec(dtype)) || []
  if (!kind || !Object.hasOwn(elementBytes, kind))
    throw malformed(name, 'the type of its array', 'whole numbers or reals', String(dtype).slice(0, 40))
  const count = sizeOf(shape)
  budget.spend(bytesEach * count, name)
  const values = dataset.value
  if (values.length !== count) throw malformed(name, 'its array', `${count} numbers`, values.length)
  return { data: typed(values, kind as Element), shape }
}

const types: Partial<Record<Element, new (length: number) => NdArray['data']>> = {
  ...{ u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array },
  f4: Float32Array,
}

function typed(values: ArrayLike<unknown>, element: Element): NdArray['data'] {
  const Type = types[element] ?? Float64Array
  const data = new Type(values.length)
  for (let i = 0; i < data.length; i++) data[i] = Number(values[i])
  return data
}

/** DREAM.3D writes [Z, Y, X, components]. */
function axesFor(shape: readonly number[]): string | undefined {
  return axesOf(shape)?.replace(/^NYX/, 'ZYX')
}

/** The sides of a voxel where DREAM.3D writes them. */
function scaleOf(all: ReadonlyMap<string, Dataset>): Scale | undefined {
  const path = [...all.keys()].find(one => /\/_SIMPL_GEOMETRY\/SPACING$/.test(one))
  if (path === undefined) return undefined
  const [x, y, z] = Array.from(all.get(path)!.value, Number)
  return isLength(x) && isLength(y) && isLength(z) ? { x, y, z, unit: '' } : undefined
}
