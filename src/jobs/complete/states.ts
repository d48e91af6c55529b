/** Holes in the states of a chain, letters say: known sites stay what they are, the others are drawn beside them. */
import { cannot, refused } from '../../base/errors.ts'
import type { ChainDescription } from '../../process/index.ts'
import { loadImages } from '../input/images.ts'
import { massesOf } from '../masses.ts'
import { imageFiles } from '../output/files.ts'
import { imageNames, seedArray } from '../output/images.ts'
import type { CompleteJob, Holes, Known } from './fields.ts'
import { maskOf, openOf } from './images.ts'

/** @throws UsageError for what a chain is not asked for, RangeError for states or a mask that do not fit, a chain without a mask */
export function stateHoles({ job, input, mask, file, reading }: Known): Holes {
  demandStates(job)
  const { description } = file
  const { shape: wanted, states = 0 } = description.task
  const { rate, origin } = description.process as ChainDescription
  if (origin[states - 1] !== 0)
    throw new RangeError(
      cannot('inpaint', 'the model', 'of a chain whose sites are masked', 'one that forgets otherwise'),
    )
  const set = loadImages(input, reading)
  if (String(set.shape) !== String(wanted))
    throw new RangeError(
      cannot('inpaint', `the images of ${input}`, `${wanted.join('×')}`, set.shape.join('×')),
    )
  const open = openOf(job, mask === undefined ? undefined : maskOf(mask, wanted, reading), wanted)
  const known = Int32Array.from(set.counts)
  known.forEach((state, x) => {
    if (!open[x % open.length] && state >= states - 1)
      throw new RangeError(cannot('inpaint', 'every known state', `in 0 … ${states - 2}`, state))
  })
  const each = job.count
  const shape = [set.count * each, ...wanted] as const
  const holes = open.reduce((sum, x) => sum + x, 0)
  return {
    model: file,
    known: { known, open, each, channels: wanted[0], states, rate },
    masses: Array.from({ length: shape[0] }, () => []),
    warnings: [],
    names: path => imageNames(path, shape),
    finish({ counts, fingerprint }, record) {
      const images = { counts, shape }
      const masses = massesOf({ counts, count: shape[0], shape: wanted })
      return {
        counts,
        shape,
        masses,
        classes: masses.map(() => undefined),
        record,
        said: `hole of ${holes} sites: known states as they were: equal`,
        files: path =>
          imageFiles(path, images, {
            captions: masses.map(() => ''),
            columns: each,
            more: { seed: seedArray(job.seed), fingerprint },
            record,
          }),
      }
    },
  }
}

function demandStates({ mass, porosity, fractions, class: named }: CompleteJob): void {
  const asked = { mass, porosity, fractions, class: named }
  for (const [field, value] of Object.entries(asked))
    if (value !== undefined) throw refused('inpaint', field, 'left out with a model of states', 'given')
}
