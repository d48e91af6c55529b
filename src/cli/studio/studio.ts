/** `saltus studio`: the studio in a browser, served by this machine to itself. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Command } from 'commander'
import { cannot } from '../../base/errors.ts'
import { packageRoot } from '../../node/package-root.ts'
import { whole } from '../usage.ts'
import { studioServer } from './server.ts'

export function studioCommand(): Command {
  return new Command('studio')
    .description('serve the studio, a page that draws samples and shows their walk, on 127.0.0.1')
    .option(
      '--port <n>',
      'port of this machine; 0: any that is free',
      whole('--port', { least: 0, most: 65_535 }),
      8460,
    )
    .addHelpText('after', '\nExamples:\n  saltus studio\n  saltus studio --port 0')
    .action(({ port }: { port: number }) => run(port))
}

/** Networks and runtime are not packed twice: they lie where the command line has them. */
function shippedElsewhere(name: string): string | undefined {
  if (name.endsWith('.onnx')) return join(packageRoot, 'models', name)
  if (!/^ort-wasm[\w.-]*\.wasm$/.test(name)) return undefined
  return createRequire(import.meta.url).resolve(`onnxruntime-web/${name}`)
}

/** Serves until Ctrl-C, which ends the process as it ends any other. */
async function run(port: number): Promise<void> {
  const folder = join(packageRoot, 'dist/studio')
  if (!existsSync(join(folder, 'index.html')))
    throw new Error(cannot('serve the studio', 'it', 'built (npm run build:studio)', 'no dist/studio'))
  const server = studioServer(folder, shippedElsewhere)
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(new Error(cannot('serve the studio', `port ${port}`, 'free', error.message))),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const at = typeof address === 'object' ? address?.port : port
  process.stdout.write(`The studio is at http://127.0.0.1:${at}/ until Ctrl-C\n`)
  await new Promise(resolve => server.once('close', resolve))
}
