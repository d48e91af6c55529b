/** Models named on the command line: a file, or one that is shipped with the package. */
import { basename, join } from 'node:path'
import { readdirSync } from 'node:fs'
import { decodeModelFile, type ModelFile } from '../model/file.ts'
import { exists, readBytes } from './files.ts'
import { packageRoot } from './version.ts'

const folder = join(packageRoot, 'models')

/** The names of the shipped models. */
export function shipped(): string[] {
  if (!exists(folder)) return []
  return readdirSync(folder).filter(name => name.endsWith('.onnx')).map(name => basename(name, '.onnx')).sort()
}

/** The path of a model given by path or by the name of a shipped one. */
export function modelPath(name: string): string {
  if (exists(name)) return name
  const inside = join(folder, `${name}.onnx`)
  if (exists(inside)) return inside
  throw new Error(`Cannot find the model ${name}: it must be a file or one of ${shipped().join(', ') || 'the shipped models'}, got neither`)
}

export function loadModel(name: string): ModelFile {
  const path = modelPath(name)
  return decodeModelFile(readBytes(path), basename(path))
}
