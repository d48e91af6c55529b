// Writes an .npy whose header NumPy would write, reads it again, and goes through every byte that such a header may hold.
import { writeFileSync } from 'node:fs'
import { readNpy, writeNpy } from '../dist/src/index.js'

const data = Uint8Array.from({ length: 64 }, (_, i) => i % 7)
const bytes = writeNpy({ data, shape: [1, 8, 8] })
const read = readNpy(bytes, 'array.npy')
if (read.shape.join() !== '1,8,8' || read.data.join() !== data.join()) throw new Error('not what was written')
writeFileSync(process.argv[2], bytes)
