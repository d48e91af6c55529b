// A command line that stays: runs the calls that it is sent, one after the other, and answers with what each has printed and
// its status. Node and all modules are there when the second call comes, and nothing of the first may be left over.
import { main } from '../../dist/src/cli/main.js'

/** Takes what is written to a stream until it is given back. */
function taken(stream) {
  const { write } = stream
  let text = ''
  stream.write = (part, ...rest) => {
    text += typeof part === 'string' ? part : Buffer.from(part).toString()
    rest.find(argument => typeof argument === 'function')?.()
    return true
  }
  return () => {
    stream.write = write
    return text
  }
}

process.on('message', async ({ args, folder }) => {
  process.chdir(folder)
  const [stdout, stderr] = [process.stdout, process.stderr].map(taken)
  const status = await main(args)
  process.send({ status, signal: null, stdout: stdout(), stderr: stderr() })
})
