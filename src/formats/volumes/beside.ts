/** Data in a file of its own, beside the header that names it. */
import { cannot } from '../../base/errors.ts'
import { malformed } from '../malformed.ts'
import type { Source } from '../source.ts'

/**
 * The bytes of the file that a header names: in the same folder, whatever the header says.
 * @throws SyntaxError for a name that leads elsewhere, RangeError where nothing beside the header can be read
 */
export function dataBeside(file: string, source: Source): Uint8Array {
  const { name, beside } = source
  const plain = file !== '' && !/[\\/\0]/.test(file) && file !== '.' && file !== '..'
  if (!plain) throw malformed(name, 'the file of its data', 'one in the same folder, without a path', file)
  if (!beside) throw new RangeError(cannot(`read ${name}`, 'its data', 'in the file itself', file))
  return beside(file)
}
