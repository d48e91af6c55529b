/**
 * Classifier files: ONNX with input `counts` [tile, C, H, W] and outputs `logits` [tile, classes] and `features`
 * [tile, features].
 */

import { cannot } from '../base/errors.ts'
import { demandGiven } from '../base/given.ts'
import { decodeModel } from '../formats/onnx.ts'
import { type ClassifierOptions, classifier } from '../network/classifier.ts'
import { fixed, type Layout, layoutOf } from '../network/parameters.ts'
import type { Program } from '../runtime/runtime.ts'
import { input } from '../tensor/index.ts'
import { encodeGraph } from './file.ts'
import { list, positive, record, rule, ruled, whole, text as words } from './rules.ts'

const metadataKey = 'saltus-classifier'

export interface ClassifierDescription {
  readonly format: 1
  readonly version: string
  readonly options: ClassifierOptions
  readonly tile: number
  readonly training: Readonly<Record<string, unknown>>
}

/** What a description must be, by the path of the value. */
const rules = {
  format: rule('1', value => value === 1),
  version: words,
  'options.shape': list(whole(1, 4096), 3),
  'options.classes': whole(1, 65536),
  'options.channels': list(whole(1, 4096), 3),
  'options.features': whole(1, 65536),
  'options.scale': positive,
  tile: whole(1, 4096),
  training: record,
}

/** The layout of the classifier's flat parameter vector. */
export function classifierLayout(options: ClassifierOptions): Layout {
  return layoutOf(parameters => {
    classifier(parameters, input('counts', [1, ...options.shape]), options)
  })
}

export function encodeClassifier(description: ClassifierDescription, parameters: Float32Array): Uint8Array {
  demandGiven(
    'write the classifier',
    { description, parameters },
    {
      description: {
        options: { shape: 'list', channels: 'list', features: 'number', scale: 'number', classes: 'number' },
      },
      parameters: 'list',
    },
  )
  const { options, tile } = description
  const network = classifier(
    fixed(classifierLayout(options), parameters),
    input('counts', [tile, ...options.shape]),
    options,
  )
  return encodeGraph(
    { ...network },
    { metadata: { [metadataKey]: JSON.stringify(description), version: description.version }, half: 256 },
  )
}

/** Reads the description of a classifier file. @throws SyntaxError where it is another file. */
export function decodeClassifier(bytes: Uint8Array, name = 'the file'): ClassifierDescription {
  const text = decodeModel(bytes, name).metadata[metadataKey]
  if (text === undefined)
    throw new SyntaxError(cannot(`read ${name}`, 'the file', 'a classifier of saltus', 'another ONNX model'))
  return ruled(text, rules, name) as ClassifierDescription
}

export interface Classified {
  /** [N, features] */
  readonly features: Float32Array
  /** Softmax of the logits, [N, classes]. */
  readonly probabilities: Float32Array
}

/** Classifies counts [N, C, H, W], tile by tile. */
export async function classify(
  program: Program,
  description: ClassifierDescription,
  counts: ArrayLike<number>,
): Promise<Classified> {
  demandGiven(
    'classify',
    { program, description, counts },
    {
      program: 'program',
      description: { options: { shape: 'list', classes: 'number', features: 'number' }, tile: 'number' },
      counts: 'list',
    },
  )
  const { tile, options } = description
  const size = options.shape.reduce((product, length) => product * length, 1)
  const count = counts.length / size
  if (!Number.isInteger(count))
    throw new RangeError(cannot('classify', 'the images', `of shape [N, ${options.shape}]`, counts.length))
  const features = new Float32Array(count * options.features)
  const probabilities = new Float32Array(count * options.classes)
  for (let first = 0; first < count; first += tile) {
    const here = Math.min(tile, count - first)
    const data = new Float32Array(tile * size)
    for (let i = 0; i < here * size; i++) data[i] = counts[first * size + i]
    const results = await program.run({ counts: { shape: [tile, ...options.shape], data } })
    features.set(
      (results.features.data as Float32Array).subarray(0, here * options.features),
      first * options.features,
    )
    const logits = results.logits.data as Float32Array
    for (let i = 0; i < here; i++)
      softmaxInto(
        logits.subarray(i * options.classes, (i + 1) * options.classes),
        probabilities,
        (first + i) * options.classes,
      )
  }
  return { features, probabilities }
}

function softmaxInto(logits: Float32Array, out: Float32Array, at: number): void {
  const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - top)
  logits.forEach((logit, k) => {
    out[at + k] = Math.exp(logit - top) / sum
  })
}
