/** Models of this machine: a file, or one that is shipped with the package. */

import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { decodeModel } from '../formats/onnx.ts'
import type { ModelBytes } from '../jobs/files.ts'
import { decodeModelFile, type ModelFile } from '../model/file.ts'
import { isFile, readBytes } from './files.ts'
import { packageRoot } from './package-root.ts'

const folder = join(packageRoot, 'models')

/** The names of the shipped models. */
export function shipped(): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.onnx'))
    .map(name => basename(name, '.onnx'))
    .sort()
}

/** Those of them that this version reads: neither classifiers nor models of another format. */
export function newShipped(): string[] {
  return shipped().filter(name => {
    const path = join(folder, `${name}.onnx`)
    const { saltus = '{}' } = decodeModel(readBytes(path), path).metadata
    return JSON.parse(saltus).format === 2
  })
}

/** The path of a model given by path or by the name of a shipped one. */
export function modelPath(name: string): string {
  demandGiven('find the model', { name }, { name: 'text' })
  if (isFile(name)) return name
  const inside = join(folder, `${name}.onnx`)
  if (isFile(inside)) return inside
  const wanted = ['the path of a model file', ...shipped().map(model => `"${model}"`)].join(' or ')
  throw new Error(cannot('find the model', 'its name', wanted, name))
}

/** The file of a model given by path or by the name of a shipped one. */
export function modelBytes(name: string): ModelBytes {
  const path = modelPath(name)
  return { name: basename(path, '.onnx'), file: basename(path), bytes: readBytes(path) }
}

export function loadModel(name: string): ModelFile {
  const { file, bytes } = modelBytes(name)
  return decodeModelFile(bytes, file)
}
