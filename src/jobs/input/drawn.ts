/** Pictures that saltus drew to be looked at: samples side by side with captions, which nobody means as one image. */
import { cannot } from '../../base/errors.ts'
import { hasText } from '../../formats/png-chunks.ts'
import { recordKey } from '../record.ts'

/** The colour type of a palette: labels of one sample, a pixel each, are written so, and may be read. */
const palette = 3

/** @throws RangeError for a picture that carries the job of which it shows the samples */
export function demandUndrawn(bytes: Uint8Array, name: string): void {
  if (!hasText(bytes, recordKey) || bytes[25] === palette) return
  const remedy = `the samples themselves (saltus run ${name} --out samples.npz writes them)`
  throw new RangeError(cannot(`read ${name}`, 'it', remedy, 'a picture of them with frames and captions'))
}
