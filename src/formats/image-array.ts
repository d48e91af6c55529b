/**
 * Arrays of images, whichever way their channels lie, as [N, C, H, W].
 */
import { type NdArray, sizeOf } from './array.ts'
import { samplesLast } from './grid.ts'
import type { Source } from './source.ts'

/**
 * Takes [H, W, C] for one image and [N, H, W, C] for images with their channels last, where C is at most 4 and both
 * axes before it are longer; says so. Others are given back as they are. Alpha that is opaque everywhere is no channel.
 */
export function channelsFirst(array: NdArray, source: Source): NdArray {
  const { shape } = array
  const last = (shape.length === 3 || shape.length === 4) && samplesLast(shape)
  if (!last) return array
  const [count, height, width, channels] = shape.length === 4 ? shape : [1, ...shape]
  const pixels = height * width
  source.budget.spend(array.data.byteLength, source.name)
  const data = array.data.slice()
  const image = pixels * channels
  for (let n = 0; n < count; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0, to = n * image + c * pixels; i < pixels; i++, to++)
        data[to] = array.data[n * image + i * channels + c]
  const kept = channels === 4 && opaque({ data, shape: [count, channels, pixels] }) ? 3 : channels
  const noun = count === 1 ? '1 image' : `${count} images`
  const words = `${noun} of ${height}×${width} with ${channels} channels, which lie last`
  source.say(
    `its shape ${shape.join('×')} is taken for ${words}${kept < channels ? '; the fourth is opaque and left out' : ''}`,
  )
  const all = { data, shape: [count, channels, height, width] }
  return kept < channels ? withoutLast(all) : all
}

/** Whether the last channel of [N, C, P] holds the largest value of its type everywhere. */
function opaque({ data, shape: [count, channels, pixels] }: NdArray): boolean {
  const most = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : undefined
  if (most === undefined) return false
  for (let n = 0; n < count; n++)
    for (let i = 0, at = (n * channels + channels - 1) * pixels; i < pixels; i++, at++)
      if (data[at] !== most) return false
  return true
}

function withoutLast({ data, shape: [count, channels, height, width] }: NdArray): NdArray {
  const shape = [count, channels - 1, height, width]
  const out = new (data.constructor as Uint8ArrayConstructor)(sizeOf(shape))
  const size = (channels - 1) * height * width
  for (let n = 0; n < count; n++)
    out.set(data.subarray(n * channels * height * width, n * channels * height * width + size), n * size)
  return { data: out, shape }
}
