/**
 * What training does at its end, for a model of a material that was trained before it did: node dist/scripts/finish.js MODEL DATA OUT
 * [--no-grain]
 *
 * Measures the law of blocks on the part of DATA that MODEL was trained on, finds the grain of the last step from held-in crops, and
 * writes the same network with both as OUT.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { dataOf } from '../src/jobs/train/data.ts'
import { fitGrain } from '../src/jobs/train/grain.ts'
import type { RunOptions } from '../src/jobs/train/options.ts'
import { prepared } from '../src/jobs/train/train.ts'
import { encodeModelFile } from '../src/model/file.ts'
import { machine } from '../src/node/machine.ts'
import { loadModel } from '../src/node/models.ts'
import { demandWords } from './words.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-grain': { type: 'boolean', default: false } },
})
const [name, path, out] = demandWords('finish.js MODEL DATA OUT', positionals)
const { description, parameters } = loadModel(name)
const context = machine({ threads: 1 })
const options = { ...(description.training as unknown as RunOptions), data: path }
const run = prepared(options, await dataOf(options, context))
const { data } = run.describe(0)
const state = { step: Number(description.training.step), average: parameters }
const grain = values['no-grain'] ? undefined : await fitGrain(run, state, context)
const told = {
  ...description,
  sampling: { ...description.sampling, ...(grain !== undefined && { grain }) },
  data: { ...description.data, material: { ...description.data.material!, ...data.material } },
}
writeFileSync(out, encodeModelFile(told, parameters, { half: true }))
const { side, lags, quantiles } = data.material?.blocks ?? {}
console.log(
  `grain ${grain ?? 'as it was'}; blocks of ${side} voxels, ${lags?.join('×')} lags, ${quantiles?.length} channels`,
)
