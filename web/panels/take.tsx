/** What can be taken away: files, the command that repeats them, a link. */
import { signal } from '@preact/signals'
import { generateSchema } from '../../src/jobs/generate/asking.ts'
import type { JobOf } from '../../src/jobs/schema.ts'
import { commandOf } from '../../src/jobs/words.ts'
import { jobOf, linkOf } from '../link.ts'
import { asked, description, drawn, news, take, trouble } from '../studio.ts'

const endings = {
  images: ['npz', 'npy', 'png'],
  material: ['npz', 'tif', 'vti', 'npy', 'png', 'nrrd'],
}

/** What was copied where the browser gives no clipboard. */
const shown = signal('')

async function copy(text: () => string, what: string): Promise<void> {
  try {
    shown.value = text()
    trouble.value = ''
    await navigator.clipboard.writeText(shown.value)
    news.value = `${what} is copied`
  } catch (error) {
    if (shown.value === '') trouble.value = (error as Error).message
  }
}

/** The command that draws these samples, or would draw what is asked for. */
function command(): string {
  const job = (drawn.value?.record.job ?? jobOf(asked.value)) as Partial<JobOf<typeof generateSchema>>
  return `${commandOf('sample', generateSchema, job)} --device wasm --out samples.npz`
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
            onClick={() => take(`samples.${ending}`)}
          >
            .{ending}
          </button>
        ))}
        <button type="button" onClick={() => copy(command, 'The command')}>
          Copy as command
        </button>
        <button
          type="button"
          onClick={() => copy(() => new URL(linkOf(asked.value), location.href).href, 'The link')}
        >
          Copy the link
        </button>
      </div>
      {shown.value && <code class="shown">{shown.value}</code>}
    </section>
  )
}
