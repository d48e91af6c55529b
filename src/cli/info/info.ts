/** `saltus info`: everything a model file says about itself. */
import { basename } from 'node:path'
import { Command } from 'commander'
import { described, type Row } from '../../jobs/info/info.ts'
import { citation } from '../../model/citation.ts'
import { decodeModelFile } from '../../model/file.ts'
import { readBytes } from '../../node/files.ts'
import { modelPath } from '../../node/models.ts'

export function infoCommand(): Command {
  return new Command('info')
    .description('what a model file says about itself')
    .argument('<model>', 'a model file, or the name of a shipped model')
    .option('--json', 'the whole description as JSON', false)
    .option('--citation', 'instead: what to cite for samples of the model, as BibTeX', false)
    .action((name: string, { json, citation: cited }: { json: boolean; citation: boolean }) => {
      const path = modelPath(name)
      const bytes = readBytes(path)
      if (cited) {
        process.stdout.write(citation(decodeModelFile(bytes, basename(path)).description))
        return
      }
      const { description, rows } = described(bytes, basename(path))
      const { version } = description
      const file: Row = [
        'file',
        `${path}, ${(bytes.length / 1e6).toFixed(2)} MB, written by saltus ${version}`,
      ]
      const lines = [file, ...rows].map(([title, text]) => harmless(`${title.padEnd(9)} ${text}`))
      process.stdout.write(`${json ? JSON.stringify(description, null, 2) : lines.join('\n')}\n`)
    })
}

/** What a stranger's file says may hold signs that a terminal obeys. */
function harmless(line: string): string {
  return Array.from(line, sign => (isControl(sign) ? '�' : sign)).join('')
}

const isControl = (sign: string) => sign < ' ' || (sign >= '\u007f' && sign < '\u00a0')
