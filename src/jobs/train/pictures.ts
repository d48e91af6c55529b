/** Pictures of samples of a network as it stands. */
import { random } from '../../base/random.ts'
import { sizeOf } from '../../formats/array.ts'
import { phasePicture } from '../../formats/phase-picture.ts'
import { picture } from '../../formats/picture.ts'
import { seriesPicture } from '../../formats/series-picture.ts'
import type { ModelDescription } from '../../model/description.ts'
import { encodeModelFile } from '../../model/file.ts'
import { originFunction } from '../../model/origin.ts'
import { endAmong, toldShape } from '../../network/told.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sample, solver } from '../../sampling/index.ts'
import type { ImageSource } from '../../training/source.ts'
import { imageSource } from '../../training/sources.ts'
import type { TrainingState } from '../../training/trainer.ts'
import { type Drawing, toldOf, towards } from '../draw/drawing.ts'
import { solverOf } from '../draw/solver.ts'
import { voxelsOf } from '../generate/fractions.ts'
import { labelsOf } from '../input/phases.ts'
import { massesOf } from '../masses.ts'
import { onPaper } from '../output/images.ts'
import { captionOf, firstOf } from '../output/parts.ts'
import { cropsOf } from './check.ts'
import type { Run } from './run.ts'

/** Network calls of a picture on the way: enough to see how training goes. */
const calls = 16

/** Samples of a picture; of volumes the slice in the middle of each is shown. */
const shown = (volumes: boolean) => (volumes ? 2 : 16)

/** What was seen of the first images of a run, where its images go towards that. */
function seenOf(
  { process: { channels, sites } }: Run,
  {
    description: { task },
    source,
    count,
  }: { readonly description: ModelDescription; readonly source: ImageSource; readonly count: number },
): NonNullable<Drawing['told']> {
  const lengths = task.shape.slice(1)
  const end = endAmong(task.told ?? [], lengths)
  if (!end) return []
  const rows = Array.from({ length: count }, (_, i) => {
    const told = new Float32Array(sizeOf(toldShape(end.one, lengths)))
    source.draw(i, { random: random(0).fork(i), out: new Int32Array(channels * sites), told })
    return told
  })
  return [{ name: end.one.name, rows }]
}

/** A grid of some samples (of a material: their labels, with the share of the first phase), masses that are kept spread evenly over those of the data, or of blocks those of held-out crops; the same seeds every time. */
export async function drawSamples(run: Run, state: TrainingState, runtime: Runtime): Promise<Uint8Array> {
  const description = run.describe(state.step)
  const program = await runtime.compile(encodeModelFile(description, state.average))
  try {
    const known = description.data.masses
    const { data, task } = description
    const count = shown(task.shape.length > 3)
    const spread = Array.from({ length: count }, (_, i) =>
      known[Math.floor(((i + 0.5) * known.length) / count)].slice(0, run.process.conserved),
    )
    const source = imageSource(run.data.heldOut ?? run.data.source, run.options.seed)
    const seen = seenOf(run, { description, source, count })
    const masses =
      run.process.blocks === undefined && seen.length === 0
        ? spread
        : cropsOf(run.process, source, count).masses
    const { counts } = await sample({
      process: run.process,
      ...towards({ description, told: seen }, run.process),
      solver: solver(solverOf({ calls }, description)),
      origin: originFunction(program, description, { conditions: toldOf({ description, told: seen }) }),
      masses,
      seed: 0,
      batch: description.tile,
    })
    const { material } = data
    const [channels, ...lengths] = task.shape
    const [height, width] = lengths.slice(-2)
    const found = massesOf({ counts, count, shape: task.shape })
    if (task.parts) {
      const [{ shape }] = task.parts
      const first = firstOf(counts, { count, size: sizeOf(shape) })
      return picture(
        { counts: first, shape: [count, shape[0], shape[1], shape[2]] },
        { captions: Array.from({ length: count }, (_, i) => captionOf(description, counts, i)) },
      ).png
    }
    const captions = found.map(mass => mass.join(' '))
    if (data.columns) return seriesPicture({ counts, shape: [count, ...task.shape] }, { captions })
    const { paper } = data
    if (!material) {
      const images = { counts, shape: [count, channels, height, width] }
      return picture(onPaper(images, paper), { captions, white: paper }).png
    }
    const sites = sizeOf(lengths)
    const all = labelsOf(counts, material, sites)
    const plane = height * width
    const middle = plane * (lengths.length > 2 ? lengths[0] >> 1 : 0)
    const shownLabels = new Uint8Array(count * plane)
    for (let i = 0; i < count; i++)
      shownLabels.set(all.subarray(i * sites + middle, i * sites + middle + plane), i * plane)
    const labels = { data: shownLabels, shape: [count, height, width] }
    const shares = found.map(mass => (voxelsOf(description, mass)[0] / sites).toFixed(3))
    return phasePicture(labels, { labels: material.phases.length, captions: shares })
  } finally {
    await program.release()
  }
}
