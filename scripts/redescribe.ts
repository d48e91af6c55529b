/** Model files that say something else of themselves; graph and weights stay as they are, bit for bit. */
import { writeWhole } from '../src/cli/files.ts'
import { decodeModel, encodeModel } from '../src/formats/onnx.ts'
import type { ModelDescription } from '../src/model/description.ts'
import { decodeModelFile } from '../src/model/file.ts'

/** Writes the model with another description to `out` and returns its length in bytes. */
export function redescribe(bytes: Uint8Array, description: ModelDescription, out: string): number {
  const model = decodeModel(bytes, out)
  const metadata = { ...model.metadata, saltus: JSON.stringify(description) }
  const told = encodeModel({ ...model, metadata })
  decodeModelFile(told, out)
  writeWhole(out, told)
  return told.length
}
