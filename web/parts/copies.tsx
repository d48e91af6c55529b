/** Texts that are copied, and shown for where the browser gives no clipboard. */
import { useSignal } from '@preact/signals'
import { news, trouble } from '../work.ts'

export function Copies({ texts }: { readonly texts: Readonly<Record<string, () => string>> }) {
  const shown = useSignal('')
  const copy = async (text: () => string) => {
    try {
      shown.value = text()
      trouble.value = ''
    } catch (error) {
      trouble.value = (error as Error).message
      return
    }
    // A page without the right to it has shown the text.
    await navigator.clipboard?.writeText(shown.value).then(
      () => {
        news.value = 'Copied'
      },
      () => {},
    )
  }
  return (
    <>
      <div class="row actions">
        {Object.entries(texts).map(([name, text]) => (
          <button key={name} type="button" onClick={() => copy(text)}>
            {name}
          </button>
        ))}
      </div>
      {shown.value && (
        <pre class="shown">
          <code>{shown.value}</code>
        </pre>
      )}
    </>
  )
}
