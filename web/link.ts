/** The state of the form as a link: the words of a job behind a #, read by its schema as flags are. */
import { generateSchema } from '../src/jobs/generate/asking.ts'
import { checked, type JobOf } from '../src/jobs/schema.ts'
import { wordsOf } from '../src/jobs/words.ts'
import { namesPlace } from './place.ts'
import type { Asked } from './protocol.ts'

type Job = JobOf<typeof generateSchema>

/** The job that the form asks for. @throws UsageError */
export const jobOf = (asked: Asked): Job => checked('sample', generateSchema, asked)

/** `#v=1&model=mnist&mass=26000` */
export function linkOf(asked: Asked): string {
  const words = new URLSearchParams({ v: '1', ...Object.fromEntries(wordsOf(generateSchema, jobOf(asked))) })
  return `#${words}`
}

/** What a link asks for; undefined where there is none. @throws UsageError of one line for one that is damaged or foreign */
export function askedBy(hash: string): Asked | undefined {
  if (namesPlace(hash)) return undefined
  const { v, ...fields } = Object.fromEntries(new URLSearchParams(hash.slice(1)))
  if (v !== '1') throw new Error('Cannot open the link: its version must be 1, got another')
  checked('open the link', generateSchema, fields)
  return fields
}
