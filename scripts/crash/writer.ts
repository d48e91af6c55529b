/** A process that writes one file over and over, of one content or the other, until it is killed. */

import { writeWhole } from '../../src/node/files.ts'
import { contents } from './contents.ts'

const [path, which] = process.argv.slice(2)
const own = contents(Number(which))
for (;;) writeWhole(path, own)
