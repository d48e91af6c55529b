/**
 * Tells a model what to expect in a hole: node dist/scripts/expect.js MODEL DATA OUT
 *
 * Fits the normal law of the training images in DATA and writes it into the description of the model file; the graph and
 * its weights stay as they are, bit for bit.
 */
import { loadImages } from '../src/cli/data.ts'
import { readBytes, writeWhole } from '../src/cli/files.ts'
import { modelPath } from '../src/cli/models.ts'
import { decodeModel, encodeModel } from '../src/formats/onnx.ts'
import { decodeModelFile } from '../src/model/file.ts'
import { packGaussian } from '../src/model/gaussian.ts'
import { fitGaussian } from '../src/training/fit-gaussian.ts'

const [name, data, out] = process.argv.slice(2)
const path = modelPath(name)
const bytes = readBytes(path)
const { description } = decodeModelFile(bytes, path)
const { task } = description
const images = loadImages(data)
const gaussian = packGaussian(
  fitGaussian({
    counts: images.counts,
    size: task.shape.reduce((product, length) => product * length, 1),
    labels: task.classes > 0 ? images.labels : undefined,
    classes: task.classes,
    largest: description.data.largest,
  }),
)
const model = decodeModel(bytes, path)
const described = { ...description, data: { ...description.data, gaussian } }
const metadata = { ...model.metadata, saltus: JSON.stringify(described) }
const told = encodeModel({ ...model, metadata })
decodeModelFile(told, out)
writeWhole(out, told)
console.log(
  `${out}: ${bytes.length} bytes and ${told.length - bytes.length} more for ${gaussian.rank} factors`,
)
