/** Which part of the studio is shown: it stands behind the # of the address, as the state of the form does. */
import { signal } from '@preact/signals'

export const places = {
  generate: 'Generate',
  walk: 'Nothing is lost',
  data: 'Own data',
  repair: 'Repair',
  train: 'Train here',
  lessons: 'Lessons',
} as const

export type Place = keyof typeof places

/** The part and what of it: `#lessons/3`. Whatever else stands there is for the form. */
function placeIn(hash: string): { place: Place; detail: string } {
  const [name, detail = ''] = hash.slice(1).split('/')
  return Object.hasOwn(places, name) ? { place: name as Place, detail } : { place: 'generate', detail: '' }
}

export const place = signal(placeIn(location.hash))

/** Whether the address asks for the form to be filled. */
export const namesPlace = (hash: string): boolean =>
  hash.length < 2 || Object.hasOwn(places, hash.slice(1).split('/')[0])

/** Whether the page stands in another: then there is nothing but the part that is asked for. */
export const embedded = new URLSearchParams(location.search).has('embed')

addEventListener('hashchange', () => {
  place.value = placeIn(location.hash)
})
