/** Crops of the slab that the training of a model held out: what samples are measured against. */
import { below, type Random } from '../src/base/random.ts'
import { labelsAt } from '../src/node/load.ts'
import { loadModel } from '../src/node/models.ts'
import { crop, type Labels } from '../src/structure/index.ts'

/**
 * At least `least` crops of the held-out slab of `data`, normal to the axes that the training took, in a random order. In
 * a slice they do not overlap; slices of an axis are as far apart as gives enough crops, at most 8.
 *
 * @throws Error where there are fewer.
 */
export async function heldOut(
  name: string,
  data: string,
  { least, random }: { least: number; random: Random },
): Promise<Labels[]> {
  const { data: labels, shape } = await labelsAt(data)
  const { task, data: told, training } = loadModel(name).description
  const [, height, width] = task.shape
  // Of a single slice rows were held out.
  const flat = shape[0] === 1
  const [from, to] = told.material?.heldOut ?? [0, shape[flat ? 1 : 0]]
  const plane = flat ? shape[2] : shape[1] * shape[2]
  const slab = {
    data: labels.subarray(from * plane, to * plane),
    shape: flat ? [1, to - from, shape[2]] : [to - from, ...shape.slice(1)],
  }
  const { axes = ['z', 'y', 'x'] } = (training.crops ?? {}) as { axes?: string[] }
  const normals = ['z', 'y', 'x'].flatMap((axis, normal) => (axes.includes(axis) ? [normal] : []))
  const found = [8, 6, 4, 3, 2, 1].map(apart =>
    placesIn(slab.shape, { normals, size: [height, width], apart }),
  )
  const places = found.find(list => list.length >= least) ?? []
  if (places.length < least)
    throw new Error(`Cannot cut ${least} crops: there are ${found[found.length - 1].length}`)
  for (let i = places.length - 1; i > 0; i--) {
    const j = below(random, i + 1)
    ;[places[i], places[j]] = [places[j], places[i]]
  }
  return places.map(({ corner, normal }) => {
    return { data: crop(slab, corner, sidesOf(normal, [height, width])).data, shape: [height, width] }
  })
}

interface Place {
  readonly corner: readonly number[]
  readonly normal: number
}

/** Where crops begin, slices `apart` from each other. */
function placesIn(
  shape: readonly number[],
  { normals, size, apart }: { normals: readonly number[]; size: readonly number[]; apart: number },
): Place[] {
  return normals.flatMap(normal => {
    const sides = sidesOf(normal, size)
    const starts = shape.map((length, axis) => {
      const step = axis === normal ? apart : sides[axis]
      return Array.from(
        { length: Math.max(0, Math.floor((length - sides[axis]) / step) + 1) },
        (_, i) => i * step,
      )
    })
    return starts[0].flatMap(z => starts[1].flatMap(y => starts[2].map(x => ({ corner: [z, y, x], normal }))))
  })
}

/** The sides of a crop normal to an axis. */
const sidesOf = (normal: number, [height, width]: readonly number[]): number[] =>
  [0, 1, 2].map(axis => (axis === normal ? 1 : axis === (normal === 0 ? 1 : 0) ? height : width))
