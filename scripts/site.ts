/** `npm run site`: the pages of the repository as a site in dist/site, with the studio in it where that is built. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../src/node/files.ts'
import { packageRoot } from '../src/node/package-root.ts'
import { broken, parts, siteFiles } from './site/site.ts'

const [to, studio] = ['dist/site', 'dist/studio'].map(name => join(packageRoot, name))
const wrong = broken(Object.values(parts()).flat())
for (const link of wrong) process.stderr.write(`leads nowhere: ${link}\n`)
if (wrong.length > 0) process.exitCode = 1
rmSync(to, { recursive: true, force: true })
const files = siteFiles({ studio: existsSync(studio) })
for (const [name, bytes] of files) writeWhole(join(to, name), bytes)
if (existsSync(studio)) cpSync(studio, join(to, 'studio'), { recursive: true })
process.stdout.write(`${files.size} files in ${to}\n`)
