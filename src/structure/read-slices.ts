/** The files of a folder as one stack: of one size, one kind of numbers, one depth and one palette. */
import { cannot, demand } from '../base/errors.ts'
import type { TypedArray } from '../formats/array.ts'
import { missing, twins } from '../formats/names.ts'
import { recoloured, samePalette } from '../formats/palette.ts'
import type { Source } from '../formats/source.ts'
import type { Volume } from './read-volume.ts'

/** A slice, or several of them, and what the errors call the file. */
export interface NamedVolume {
  readonly name: string
  readonly volume: Volume
}

/** Checks the names of slices in their order, before any is read: none twice; says which are missing in a series. */
export function checkNames(names: readonly string[], source: Source): void {
  const [twin, other] = twins(names) ?? []
  if (twin !== undefined) {
    const wanted = `there once (leave one kind of files in the folder)`
    throw new RangeError(cannot(`read ${source.name}`, 'every slice', wanted, `${twin} and ${other}`))
  }
  const gaps = missing(names)
  if (gaps) source.say(`slices are missing in the series of ${names[0]} to ${names.at(-1)}: ${gaps}`)
}

/**
 * One stack [N, H, W] (or [N, D, H, W]) of volumes or slices. Indices of palettes in another order are put into that
 * of the first file, which is said.
 * @throws RangeError naming the first slice that differs, SyntaxError for a colour that the first palette lacks
 */
export function stacked(files: readonly NamedVolume[], source: Source): Volume {
  const stacks = files.map(({ name, volume }) => {
    const { shape } = volume
    return { ...volume, name, shape: shape.length === 2 ? [1, ...shape] : shape }
  })
  const [first] = stacks
  if (stacks.length === 1) return { ...files[0].volume, shape: first.shape }
  const sizes = (shape: readonly number[]) => shape.slice(1).join('×')
  for (const { name, data, shape, bits } of stacks) {
    const what = `read ${name}`
    const [wanted, got] = [sizes(first.shape), sizes(shape)]
    demand(got === wanted, what, 'its size', `that of ${first.name}, ${wanted}`, got)
    const [kind, found] = [first.data.constructor.name, data.constructor.name]
    demand(kind === found, what, 'its numbers', `of the kind of ${first.name}, ${kind}`, found)
    const depth = first.bits === undefined || bits === undefined || first.bits === bits
    demand(depth, what, 'the bits of a sample', `those of ${first.name}, ${first.bits}`, bits)
  }
  const length = stacks.reduce((sum, { data }) => sum + data.length, 0)
  source.budget.spend(length * first.data.BYTES_PER_ELEMENT, source.name)
  const data: TypedArray = new (first.data.constructor as Uint8ArrayConstructor)(length)
  let [at, count, changed] = [0, 0, 0]
  for (const stack of stacks) {
    const values = inPalette(stack, first)
    if (values !== stack.data) changed++
    data.set(values, at)
    at += stack.data.length
    count += stack.shape[0]
  }
  if (changed > 0)
    source.say(
      `the palettes of ${changed} of its ${stacks.length} files have other orders: colours mean what they do in ${first.name}`,
    )
  const { scale, labels } = first
  return { data, shape: [count, ...first.shape.slice(1)], ...(scale && { scale }), ...(labels && { labels }) }
}

/** The values of a slice as indices into the palette of the first one. */
function inPalette(stack: Volume & { name: string }, first: Volume & { name: string }): TypedArray {
  const [own, palette] = [stack.palette, first.palette]
  if (samePalette(own, palette)) return stack.data
  if (!own || !palette) {
    const [wanted, got] = palette ? ['with', 'without'] : ['without', 'with']
    throw new RangeError(
      cannot(`read ${stack.name}`, 'the picture', `${wanted} a palette as ${first.name}`, got),
    )
  }
  return recoloured(stack.data, { from: own, to: palette, name: stack.name, like: first.name })
}
