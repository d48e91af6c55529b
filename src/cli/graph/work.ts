/** Work of the graph commands: with a bar, and stopped by Ctrl-C. */
import { drive } from '../../structure/index.ts'
import { interruption, progressBar } from '../progress.ts'

export async function withProgress<T>(
  name: string,
  work: Generator<number, T, void>,
  quiet: boolean,
): Promise<T> {
  const bar = progressBar(name, { total: 100, quiet })
  const { signal, release } = interruption()
  try {
    return await drive(work, { signal, onProgress: share => bar.update(Math.floor(100 * share)) })
  } finally {
    bar.stop()
    release()
  }
}
