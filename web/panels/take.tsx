/** What can be taken away: files, the command or the program that repeats them, a link. */
import { generateSchema } from '../../src/jobs/generate/asking.ts'
import type { JobOf } from '../../src/jobs/schema.ts'
import { argumentsOf, commandOf, pythonOf, typescriptOf } from '../../src/jobs/words.ts'
import { jobOf, linkOf } from '../link.ts'
import { Copies } from '../parts/copies.tsx'
import { asked, description, drawn, take } from '../studio.ts'

const endings = {
  images: ['npz', 'npy', 'png'],
  material: ['npz', 'tif', 'vti', 'npy', 'png', 'nrrd'],
}

/** The job of these samples, or the one that is asked for. */
const job = () => (drawn.value?.record.job ?? jobOf(asked.value)) as Partial<JobOf<typeof generateSchema>>

const out = 'samples.npz'

const copies = {
  'Copy as command': () => `${commandOf('sample', generateSchema, job())} --device wasm --out ${out}`,
  'Copy as TypeScript': () =>
    typescriptOf(generateSchema, job(), { model: String(job().model ?? asked.value.model), out }),
  'Copy as Python': () =>
    pythonOf([...argumentsOf('sample', generateSchema, job()), '--device', 'wasm'], out),
  'Copy the link': () => new URL(linkOf(asked.value), location.href).href,
}

export function Take() {
  const of = description.value?.data.material ? 'material' : 'images'
  return (
    <section class="panel" aria-labelledby="take">
      <h2 id="take">Take away</h2>
      <div class="row actions">
        {endings[of].map(ending => (
          <button
            key={ending}
            type="button"
            disabled={!drawn.value}
            aria-label={`Download as ${ending}`}
            onClick={() => void take(`samples.${ending}`)}
          >
            .{ending}
          </button>
        ))}
      </div>
      <Copies texts={copies} />
    </section>
  )
}
