/** The worker of the studio: opens models and runs jobs, one at a time. It has no thought of its own. */
import { Cancelled } from '../../src/base/errors.ts'
import type { Answer, Question, Seen, Verb, Verbs } from '../protocol.ts'
import { generating, opening } from './drawing.ts'
import { held, type Watch } from './held.ts'

const verbs: { readonly [V in Verb]: (told: Verbs[V][0], watch: Watch) => Promise<Verbs[V][1]> } = {
  open: opening,
  generate: generating,
  complete: async (told, watch) => (await import('./completing.ts')).completing(told, watch),
  known: async told => (await import('./completing.ts')).knowing(told),
  diffuse: async told => (await import('./diffusing.ts')).diffusing(told),
  look: async (told, watch) => (await import('./scanning.ts')).looking(told, watch),
  slice: async told => (await import('./scanning.ts')).slicing(told),
  voxels: async () => (await import('./scanning.ts')).voxelling(),
  measure: async (told, watch) => (await import('./scanning.ts')).measuring(told, watch),
  train: async (told, watch) => (await import('./training.ts')).training(told, watch),
  async files({ name, of }) {
    if (of === 'scan') return { files: await (await import('./scanning.ts')).scanFiles(name) }
    return { files: (await held[of]?.files(name)) ?? [] }
  },
}

self.addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  if (data.verb === 'cancel') return held.stop?.abort()
  const { id, verb, told } = data
  const say = (answer: Answer, transfer: Transferable[] = []) => self.postMessage(answer, { transfer })
  const see = (seen: Seen, transfer?: Transferable[]) => say({ id, seen }, transfer)
  // Questions that take no time do not take the place of the job that is under way.
  const stop = new AbortController()
  if (['generate', 'complete', 'measure', 'train'].includes(verb)) held.stop = stop
  const watch: Watch = {
    signal: stop.signal,
    see,
    onProgress: progress => see({ progress }),
    say: said => see({ said }),
  }
  try {
    const answer = await (verbs[verb] as (told: unknown, watch: Watch) => Promise<Verbs[Verb][1]>)(
      told,
      watch,
    )
    say({ id, answer })
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    say({ id, failed: message, cancelled: error instanceof Cancelled })
  }
})
