/**
 * Tells a model what to expect in a hole: node dist/scripts/expect.js MODEL DATA OUT
 *
 * Fits the normal law of the training images in DATA and writes it into the description of the model file; the graph and
 * its weights stay as they are, bit for bit.
 */
import { loadImages } from '../src/cli/data.ts'
import { readBytes } from '../src/cli/files.ts'
import { modelPath } from '../src/cli/models.ts'
import { decodeModelFile } from '../src/model/file.ts'
import { packGaussian } from '../src/model/gaussian.ts'
import { fitGaussian } from '../src/training/fit-gaussian.ts'
import { redescribe } from './redescribe.ts'

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
const length = redescribe(bytes, { ...description, data: { ...description.data, gaussian } }, out)
console.log(`${out}: ${bytes.length} bytes and ${length - bytes.length} more for ${gaussian.rank} factors`)
