/** Pictures of a run: its loss, and samples of the network as it stands. */
import { random } from '../base/random.ts'
import { lineChart } from '../formats/chart.ts'
import { picture } from '../formats/picture.ts'
import { decodeModelFile } from '../model/file.ts'
import { rateFunction } from '../model/rates.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { TrainingState } from '../training/trainer.ts'
import type { LogLine } from './run-folder.ts'
import { modelBytes, type Run, tile } from './train-run.ts'

/** The loss over the steps, with its running mean. */
export function drawLoss(lines: readonly LogLine[]): Promise<string> {
  const kept = lines.filter((_, i) => i % Math.ceil(lines.length / 1000) === 0)
  let mean = kept[0].loss
  const smooth = kept.map(line => {
    mean += 0.05 * (line.loss - mean)
    return [line.step, mean] as const
  })
  return lineChart({
    title: 'Training loss',
    x: { label: 'step' },
    y: { label: 'loss', log: true },
    series: [
      { name: 'loss', points: kept.map(line => [line.step, line.loss] as const) },
      { name: 'running mean', points: smooth },
    ],
  })
}

export async function drawSamples(run: Run, state: TrainingState, runtime: Runtime): Promise<Uint8Array> {
  const bytes = modelBytes(run, state, { seconds: 0, half: false })
  const { description } = decodeModelFile(bytes, 'the model')
  const program = await runtime.compile(bytes)
  const rate = rateFunction(program, description)
  const p = run.process
  const size = p.channels * p.sites
  const counts = new Int32Array(tile * size)
  const rngs = Array.from({ length: tile }, (_, i) => random(5).fork(i))
  rngs.forEach((rng, i) => p.limit(description.data.masses[((i + 0.5) * description.data.masses.length / tile) | 0], { random: rng, out: counts.subarray(i * size, (i + 1) * size) }))
  const calls = 100
  const first = 0.005 / p.rate
  for (let k = 0; k < calls; k++) {
    const from = first ** (k / calls)
    const to = k === calls - 1 ? 0 : first ** ((k + 1) / calls)
    const ratios = await rate(counts, new Float64Array(tile).fill(from))
    for (let i = 0; i < tile; i++) {
      const part = ratios.subarray(i * size * p.jumps, (i + 1) * size * p.jumps)
      const image = counts.subarray(i * size, (i + 1) * size)
      if (from * p.rate > 0.3) p.bridge(image, part, { from, to, random: rngs[i] })
      else p.leap(image, part, { from, to, random: rngs[i] })
    }
  }
  await program.release()
  return picture({ counts, shape: [tile, ...run.process.shape] }).png
}
