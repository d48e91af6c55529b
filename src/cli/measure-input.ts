/** Labels named on the command line: one file, or a folder of them. */
import { basename, join } from 'node:path'
import { demand } from '../base/errors.ts'
import { type Coding, gridsOf, type LabelStack, type Labels, readLabels } from '../structure/index.ts'
import { filesBelow, isFolder, readBytes } from './files.ts'

export interface LoadOptions {
  readonly coding: Coding
  /** Slices are one volume. */
  readonly volume: boolean
}

/** The images of a file or of all files of a folder, in the order of their names, or its volumes. */
export function loadGrids(path: string, { coding, volume }: LoadOptions): Labels[] {
  if (!isFolder(path))
    return gridsOf(readLabels(basename(path), readBytes(path), coding), basename(path), { volume })
  const names = filesBelow(path)
    .filter(name => !basename(name).startsWith('.'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  if (names.length === 0)
    throw new Error(`Cannot read ${path}: it must be a folder that holds images, got an empty one`)
  const stacks = names.map(name => ({ name, stack: readLabels(name, readBytes(join(path, name)), coding) }))
  return gridsOf(joined(stacks), basename(path), { volume })
}

/** One stack of all slices, which must be of one size. */
function joined(stacks: readonly { name: string; stack: LabelStack }[]): LabelStack {
  const [first] = stacks
  const size = (stack: LabelStack) => stack.shape.slice(1).join('×')
  for (const { name, stack } of stacks)
    demand(
      size(stack) === size(first.stack),
      `read ${name}`,
      'its size',
      `that of ${first.name}, ${size(first.stack)}`,
      size(stack),
    )
  const data = new Uint8Array(stacks.reduce((sum, { stack }) => sum + stack.data.length, 0))
  let at = 0
  let count = 0
  for (const { stack } of stacks) {
    data.set(stack.data, at)
    at += stack.data.length
    count += stack.shape[0]
  }
  return { data, shape: [count, ...first.stack.shape.slice(1)] }
}
