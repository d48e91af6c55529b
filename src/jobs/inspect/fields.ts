/** The fields of the job `inspect`. */

import { decimal, oneOf, several, text, whole } from '../fields.ts'
import { modelField } from '../generate/fields.ts'
import { type JobOf, usually } from '../schema.ts'

export const measureNames = ['conservativity', 'dimension', 'scales', 'gap', 'probe'] as const

export type MeasureName = (typeof measureNames)[number]

export const inspectSchema = {
  model: modelField,
  data: text({
    help: 'images that the model has not learned from (default: samples of its own); those with classes are probed as well',
    argument: '<path>',
  }),
  attributes: text({
    help: 'a file of JSON with what is known of each image of --data, [{name: value, …}, …]: each attribute is probed',
    argument: '<file>',
  }),
  only: several(
    oneOf(measureNames, {
      help: `some of ${measureNames.join(', ')} (default: all that the model and the data allow)`,
      argument: '<list>',
    }),
  ),
  taus: several(
    decimal({
      help: 'tau = rate · t at which is looked (default: six, from 0.3 to half of all)',
      argument: '<list>',
      above: 0,
    }),
  ),
  count: usually(whole({ help: 'images that are corrupted', short: 'n', least: 1, most: 100_000 }), 32),
  loops: usually(whole({ help: 'pairs of hops at every time', least: 1 }), 64),
  around: usually(whole({ help: 'images whose dimension is told', least: 1 }), 4),
  draws: usually(whole({ help: 'noisy draws around each of them', least: 4, most: 1024 }), 48),
  samples: usually(whole({ help: 'samples of each side of the gap between noise 0 and 1', least: 2 }), 128),
  calls: whole({ help: 'network calls of these samples (default: what the model says suits it)', least: 1 }),
  probes: usually(whole({ help: 'images that are probed: three in five are learned from', least: 10 }), 2000),
  seed: usually(whole({ help: 'seed', least: 0 }), 0),
} as const

export type InspectJob = JobOf<typeof inspectSchema>
