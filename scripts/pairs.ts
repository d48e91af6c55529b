/**
 * The figures of docs/joint.md, of two things drawn as one:
 *
 *     node dist/scripts/pairs.js boxes DATA OUT.npz [--split test]      # a mask for each digit: the box around its strokes
 *     node dist/scripts/pairs.js masks SAMPLES.npz [--picture out.png]  # how well masks and the boxes of their images agree
 *     node dist/scripts/pairs.js labels SAMPLES.npz DATA                # the same of labels, and their shares
 *
 * SAMPLES.npz is what `saltus sample` has written. `masks` gives the mean of sites in both over sites in either, and the same of each mask
 * beside the next image, which is chance. `labels` has mnist-classifier read the images, and tests the shares of the labels against those of
 * the training labels of DATA: χ² and its p.
 */
import { parseArgs } from 'node:util'
import { writeNpz } from '../src/formats/npz.ts'
import { picture } from '../src/formats/picture.ts'
import { classify, decodeClassifier } from '../src/model/classifier-file.ts'
import { readBytes, writeWhole } from '../src/node/files.ts'
import { imagesAt } from '../src/node/load.ts'
import { modelPath } from '../src/node/models.ts'
import { onnxruntimeNode } from '../src/runtime/onnxruntime-node.ts'
import { arraysIn, mean, percent } from './fields/held.ts'
import { upperGamma } from './laws/exact.ts'
import { boxesOf, overlap } from './pairs/masks.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { split: { type: 'string', default: 'train' }, picture: { type: 'string' } },
})
const [what, path, other] = demandWords('pairs.js boxes|masks|labels FILE', positionals)

if (what === 'boxes') {
  const [, , out] = demandWords('pairs.js boxes DATA OUT.npz', positionals)
  const { counts, count, shape } = imagesAt(path, { split: values.split === 'test' ? 'test' : 'train' })
  const [, height, width] = shape
  const data = boxesOf(counts, [height, width])
  writeWhole(out, writeNpz({ images: { data, shape: [count, 1, height, width] } }))
} else if (what === 'masks') masks()
else await labels()

function masks(): void {
  const [samples, drawn] = ['samples', 'with'].map(arraysIn(path))
  const [count, , height, width] = samples.shape
  const size = height * width
  const boxes = boxesOf(samples.data, [height, width])
  const all = Array.from({ length: count }, (_, i) => overlap([boxes, i], [drawn.data, i], size))
  const chance = all.map((_, i) => overlap([boxes, i], [drawn.data, (i + 1) % count], size))
  const near = all.filter(value => value >= 0.9).length
  process.stdout.write(
    `${count} pairs: overlap ${mean(all).toFixed(3)} in the mean, least ${Math.min(...all).toFixed(2)}, ${percent(near / count)} of at least 0.9; of others' ${mean(chance).toFixed(3)}\n`,
  )
  if (values.picture === undefined) return
  // The digit bright, its mask behind it.
  const shown = Float32Array.from(samples.data, (n, x) => Math.max(n, 72 * drawn.data[x]))
  writeWhole(values.picture, picture({ counts: shown, shape: samples.shape }, { white: 255 }).png)
}

async function labels(): Promise<void> {
  const [samples, classes] = ['samples', 'classes'].map(arraysIn(path))
  const file = readBytes(modelPath('mnist-classifier'))
  const classifier = decodeClassifier(file)
  const reader = await onnxruntimeNode().compile(file)
  const { probabilities } = await classify(reader, classifier, samples.data)
  const kinds = classifier.options.classes
  const drawn = Array.from(classes.data)
  const agreed = drawn.filter((label, i) => {
    const row = probabilities.subarray(i * kinds, (i + 1) * kinds)
    return row.indexOf(Math.max(...row)) === label
  }).length
  process.stdout.write(`${drawn.length} pairs: ${percent(agreed / drawn.length)} read as their label\n`)
  if (other === undefined) return
  const { labels: real = [], count } = imagesAt(other, { split: 'train' })
  let chi = 0
  for (let k = 0; k < kinds; k++) {
    const wanted = (drawn.length * Array.from(real).filter(label => Number(label) === k).length) / count
    chi += (drawn.filter(label => label === k).length - wanted) ** 2 / wanted
  }
  const p = upperGamma((kinds - 1) / 2, chi / 2)
  process.stdout.write(`shares of the labels: χ² ${chi.toFixed(1)} of ${kinds - 1}, p ${p.toPrecision(2)}\n`)
}
