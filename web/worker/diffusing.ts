/** The forward walk of a drawing. */
import { writeNpy } from '../../src/formats/npy.ts'
import { diffuse, diffuseSchema } from '../../src/jobs/diffuse/diffuse.ts'
import { checked } from '../../src/jobs/schema.ts'
import { pageFiles } from '../../src/web.ts'
import type { State, Verbs } from '../protocol.ts'
import { stateOf } from './held.ts'

export async function diffusing({ asked, picture }: Verbs['diffuse'][0]): Promise<Verbs['diffuse'][1]> {
  const { data, shape } = picture
  const name = 'drawing.npy'
  const job = checked('diffuse', diffuseSchema, { ...asked, input: name })
  const files = pageFiles({ [name]: writeNpy({ data, shape: [1, ...shape] }) })
  const { counts, taus, shape: all } = diffuse(job, { files })
  const size = counts.length / all[0]
  const white = data.reduce((most, n) => Math.max(most, n), 1)
  const states = Array.from({ length: all[0] }, (_, k): State => {
    const one = counts.subarray(k * size, (k + 1) * size)
    const at = { image: Math.floor(k / taus.length), time: taus[k % taus.length] }
    return { ...stateOf(one, { shape, white, ...at }), counts: one.slice() }
  })
  return { states }
}
