/** The fields of the job `restore`. */
import { decimal, oneOf, text, whole } from '../fields.ts'
import { classField, drawingFields, massField, modelField, porosityField } from '../generate/fields.ts'
import { type JobOf, usually } from '../schema.ts'
import { measuringFields } from './operator-text.ts'

export const methods = ['posterior', 'variational'] as const

const { solver: _, ...drawing } = drawingFields

export const restoreSchema = {
  model: {
    ...modelField,
    help: 'a model whose units walk, or one trained to undo sums of blocks (berea-sr): a file, or the name of a shipped one',
  },
  input: text({
    help: 'needed: what was measured: the .npz of saltus simulate, or counts as png, npy, npz, idx',
    argument: '<path>',
  }),
  ...measuringFields,
  gain: decimal({
    help: 'what one unit gives on average (default: what the file says; else from the mass)',
    argument: '<g>',
    above: 0,
  }),
  method: usually(
    oneOf(methods, {
      help: 'posterior (samples of what the image may be) or variational (one likely image, RED-diff)',
    }),
    'posterior',
  ),
  mass: massField('units of each image, M or several with commas (default: as what was measured says)'),
  porosity: porosityField('materials: pores / all (default: as what was measured says)'),
  class: classField('the class that the network is told (default: none)'),
  count: usually(
    whole({ help: 'how many samples of each that was measured', short: 'n', least: 1, most: 1_000_000 }),
    16,
  ),
  strength: decimal({
    help: 'how much more open than its own errors say the origin is taken (default: 3)',
    argument: '<f>',
    above: 0,
    most: 1000,
  }),
  passes: usually(
    whole({
      help: 'posterior: how often each sample goes part of the way forward and back, to stay where it is likelier: in the limit the samples are of the posterior exactly',
      least: 0,
      most: 1_000_000,
    }),
    0,
  ),
  reach: decimal({
    help: 'how far a pass goes: a share of the calls (default: 0.2)',
    argument: '<share>',
    above: 0,
    most: 1,
  }),
  ...drawing,
} as const

export type RestoreJob = JobOf<typeof restoreSchema>
