/** PyTorch in a process of its own: bench/peers/unet.py, asked line by line. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'

const script = 'bench/peers/unet.py'

/** A Python that has PyTorch, NumPy with it; undefined where there is none. */
export function pythonWithTorch(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    path => spawnSync(path, ['-c', 'import torch, numpy']).status === 0,
  )
}

export class Peer {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: Interface
  readonly #ended: Promise<undefined>

  constructor(python: string) {
    this.#process = spawn(python, [script])
    this.#process.stderr.pipe(process.stderr)
    this.#lines = createInterface(this.#process.stdout)
    this.#ended = once(this.#process, 'exit').then(() => undefined)
  }

  /** Sends an order and waits for its answer. */
  async ask<T>(order: Record<string, unknown>): Promise<T> {
    const answer = once(this.#lines, 'line')
    this.#process.stdin.write(`${JSON.stringify(order)}\n`)
    const line = await Promise.race([answer, this.#ended])
    if (line === undefined) throw new Error(`${script} ended at ${JSON.stringify(order)}`)
    return JSON.parse(line[0])
  }

  end(): void {
    this.#process.stdin.end()
  }
}
