/** Layers: functions of tensors that ask for their parameters by name. */
import {
  add,
  convolution,
  groupNorm,
  matmul,
  multiply,
  reshape,
  silu,
  sizeOf,
  type Tensor,
} from '../tensor/index.ts'
import type { Parameters } from './parameters.ts'

/** Where a layer's parameters come from, and under which name. */
export interface Place {
  readonly parameters: Parameters
  readonly name: string
  /** Whether the image's axes of sites are periodic: the border of every convolution. */
  readonly periodic: readonly boolean[]
}

/** The same place, one step further in. */
export const inside = (place: Place, name: string): Place => ({ ...place, name: `${place.name}/${name}` })

/** Weights uniform with variance gain²/fan-in; a gain of 0 starts the layer at zero. */
const start = (fanIn: number, gain: number) => ({ bound: gain * Math.sqrt(3 / fanIn) })

/** [N, A] → [N, out]. */
export function linear(place: Place, x: Tensor, { out, gain = 1 }: { out: number; gain?: number }): Tensor {
  const [, features] = x.shape
  const weight = place.parameters.get(`${place.name}.weight`, [features, out], start(features, gain))
  const bias = place.parameters.get(`${place.name}.bias`, [out], { value: 0 })
  return add(matmul(x, weight), bias)
}

/** 'Same' convolution [N, C, …] → [N, out, …] of images or volumes; on an axis of length 1 the kernel has length 1 too. */
export function conv(
  place: Place,
  x: Tensor,
  { out, side = 3, gain = 1 }: { out: number; side?: number; gain?: number },
): Tensor {
  const [, channels, ...lengths] = x.shape
  const sides = lengths.map(length => (length === 1 ? 1 : side))
  const kernel = place.parameters.get(
    `${place.name}.kernel`,
    [out, channels, ...sides],
    start(channels * sizeOf(sides), gain),
  )
  const bias = place.parameters.get(`${place.name}.bias`, [out], { value: 0 })
  return convolution(x, kernel, { periodic: place.periodic, bias })
}

/** Group normalisation with a factor and an offset per channel. */
export function norm(place: Place, x: Tensor): Tensor {
  const [, c, ...lengths] = x.shape
  const shape = [1, c, ...lengths.map(() => 1)]
  const factor = place.parameters.get(`${place.name}.factor`, shape, { value: 1 })
  const offset = place.parameters.get(`${place.name}.offset`, shape, { value: 0 })
  return groupNorm(x, { factor, offset, groups: groupsOf(c) })
}

/** Group normalisation with a factor and an offset per image and channel, read off an embedding [N, E]. */
export function modulatedNorm(place: Place, x: Tensor, embedding: Tensor): Tensor {
  const [n, c, ...lengths] = x.shape
  const each = [n, c, ...lengths.map(() => 1)]
  const by = (name: string) => reshape(linear(inside(place, name), embedding, { out: c, gain: 0.1 }), each)
  return groupNorm(x, { factor: add(by('factor'), 1), offset: by('offset'), groups: groupsOf(c) })
}

/** The number of groups for a normalisation: groups of at least four channels, at most eight of them. */
export function groupsOf(channels: number): number {
  for (let groups = Math.min(8, Math.floor(channels / 4)); groups > 1; groups--)
    if (channels % groups === 0) return groups
  return 1
}

/** Norm, SiLU, convolution, norm modulated by the embedding, SiLU, convolution; added to the input, variance kept. */
export function residual(
  place: Place,
  x: Tensor,
  { out, embedding }: { out: number; embedding: Tensor },
): Tensor {
  const channels = x.shape[1]
  const first = conv(inside(place, 'conv1'), silu(norm(inside(place, 'norm1'), x)), { out })
  const shaped = modulatedNorm(inside(place, 'norm2'), first, embedding)
  const second = conv(inside(place, 'conv2'), silu(shaped), { out, gain: 0.1 })
  const skip = channels === out ? x : conv(inside(place, 'skip'), x, { out, side: 1 })
  return multiply(add(skip, second), Math.SQRT1_2)
}
