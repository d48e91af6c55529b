/** One's own scan: what is told of it, what it holds, what was measured. */
import { batch, effect, signal } from '@preact/signals'
import type { Asked, Measured, Scan } from '../protocol.ts'
import { description, drawn } from '../studio.ts'
import { ask, lives, news, run, trouble } from '../work.ts'

export const files = signal<readonly File[]>([])
/** How its values are read: `shape`, `dtype`, `threshold`, …, as texts. */
export const coding = signal<Asked>({})
/** What is measured: `phase`, `only`, `also`, `periodic`, …. */
export const asked = signal<Asked>({})
export const scan = signal<Scan | undefined>(undefined)
export const measured = signal<Measured | undefined>(undefined)
/** A file without a header, whose size must be told before it can be read. */
export const raw = signal<File | undefined>(undefined)
/** Samples are measured, and the scan beside them; of it only what the training of the model held out. */
export const beside = signal(false)
export const heldOut = signal(false)

const isRaw = ({ name }: File) => /\.(?:raw|bin|dat)$/i.test(name)

/** Takes other files. What cannot be read leaves everything as it was. */
export async function choose(list: readonly File[]): Promise<void> {
  const [first] = list
  if (!first) return
  trouble.value = ''
  if (isRaw(first) && list.length === 1) {
    raw.value = first
    return
  }
  raw.value = undefined
  await read(list, {})
}

/** Reads the file without a header as it is told to be. */
export const chooseRaw = (shape: string, dtype: string): Promise<void> =>
  raw.value ? read([raw.value], { shape, dtype }) : Promise.resolve()

async function read(list: readonly File[], told: Asked): Promise<void> {
  const found = await ask('look', { files: list, asked: told })
  if (!found) return
  batch(() => {
    files.value = list
    coding.value = told
    scan.value = found
    measured.value = undefined
    trouble.value = ''
    news.value = `${found.name} is open`
    if (found.volume) put('volume', true)
    else put('volume', undefined)
    put('phase', undefined)
  })
}

/** Tells more of how the values are read: another threshold. */
export async function recode(name: string, value: string | undefined): Promise<void> {
  const { [name]: _, ...others } = coding.value
  const told = value === undefined || value === '' ? others : { ...others, [name]: value }
  const found = await ask('look', { files: files.value, asked: told })
  if (!found) return
  batch(() => {
    coding.value = told
    scan.value = found
    measured.value = undefined
    trouble.value = ''
  })
}

// A worker that was started anew has forgotten the scan.
effect(() => {
  if (lives.value > 0 && files.peek().length > 0)
    void ask('look', { files: files.peek(), asked: coding.peek() })
})

export function put(name: string, value: string | boolean | undefined): void {
  const { [name]: _, ...others } = asked.value
  asked.value = value === undefined || value === '' ? others : { ...others, [name]: value }
}

/** Samples that the scan can stand beside. */
export const besideWhat = (): boolean =>
  drawn.value !== undefined && description.value?.data.material !== undefined

export async function measure(): Promise<void> {
  if (!scan.value) return
  const told = { ...coding.value, ...asked.value }
  const both = beside.value && besideWhat()
  // Samples are slices, and what they are compared with is cut as they are.
  const { volume: _, ...flat } = told as Asked & { volume?: boolean }
  const found = await run('measure', {
    asked: both ? flat : told,
    files: files.value,
    beside: both,
    held: both && heldOut.value,
  })
  if (!found) return
  batch(() => {
    measured.value = found
    news.value = 'Done'
  })
}
