/** A part of the page that is fetched when it is first shown. */
import { type Signal, signal } from '@preact/signals'
import type { ComponentType } from 'preact'

export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const found: Signal<ComponentType<P> | undefined> = signal(undefined)
  const failed = signal('')
  let asked = false
  return function Lazy(props: P) {
    if (!asked) {
      asked = true
      load().then(
        part => {
          found.value = part
        },
        error => {
          asked = false
          failed.value = `Cannot load this part: ${(error as Error).message}`
        },
      )
    }
    const Part = found.value
    if (Part) return <Part {...props} />
    return <p class="hint panel">{failed.value || 'One moment …'}</p>
  }
}
