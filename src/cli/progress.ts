/** Progress on the terminal: a bar with the time left where someone watches, a line now and then where not. */
import { SingleBar } from 'cli-progress'

export interface Progress {
  /** `done` of the total, and a few words on how it goes. */
  update(done: number, words?: string): void
  stop(): void
}

/** A bar on standard error; nothing at all when `quiet`. What was done before, `from`, tells nothing of the speed. */
export function progressBar(
  name: string,
  { total, from = 0, quiet = false }: { total: number; from?: number; quiet?: boolean },
): Progress {
  if (quiet) return { update() {}, stop() {} }
  const left = countdown(total, from)
  if (!process.stderr.isTTY) return lines(name, { total, left })
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total} · {left} left{words}`,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    fps: 5,
    stream: process.stderr,
  })
  bar.start(total, from, { left: '…', words: '' })
  return {
    update: (done, words = '') => bar.update(done, { left: left(done), words: words && ` · ${words}` }),
    stop: () => bar.stop(),
  }
}

/** A bar that begins with the first thing that a job tells of how far it is. */
export function progressOfJob(
  name: string,
  { quiet = false }: { readonly quiet?: boolean } = {},
): { show(progress: { done: number; total: number; words?: string }): void; stop(): void } {
  let bar: Progress | undefined
  return {
    show({ done, total, words }) {
      bar ??= progressBar(name, { total, quiet })
      bar.update(done, words)
    },
    stop: () => bar?.stop(),
  }
}

/** One line every ten seconds, for logs. */
function lines(name: string, { total, left }: { total: number; left: (done: number) => string }): Progress {
  let last = performance.now()
  return {
    update(done, words = '') {
      const now = performance.now()
      if (now - last < 10_000) return
      last = now
      process.stderr.write(`${name} ${done}/${total} · ${left(done)} left${words && ` · ${words}`}\n`)
    },
    stop() {},
  }
}

/** The time left at the speed since now, in words. */
function countdown(total: number, from: number): (done: number) => string {
  const began = performance.now()
  return done =>
    done > from ? duration((((performance.now() - began) / 1000) * (total - done)) / (done - from)) : '…'
}

/** Seconds as 12s, 3m05s or 1h02m. */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  if (s < 60) return `${s}s`
  if (s < 3600) return `${Math.floor(s / 60)}m${two(s % 60)}s`
  return `${Math.floor(s / 3600)}h${two(Math.floor((s % 3600) / 60))}m`
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * A signal that Ctrl-C sets once, as do SIGTERM and the end of the terminal (SIGHUP). A second Ctrl-C ends the process at
 * once, and so do `patience` milliseconds after the first one (default: none do).
 */
export function interruption({ patience = Infinity } = {}): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals) => {
    // A terminal that closes may say so twice.
    if (controller.signal.aborted && name !== 'SIGHUP') die(name)
    if (controller.signal.aborted) return
    process.stderr.write('\nStopping…\n')
    controller.abort(name)
    if (patience < Infinity) setTimeout(die, patience, name).unref()
  }
  for (const name of signals) process.on(name, stop)
  return {
    signal: controller.signal,
    release() {
      for (const name of signals) process.off(name, stop)
    },
  }
}

/**
 * Ends the process by the signal itself, as if nobody had listened. `process.exit()` would wait for a thread in which the
 * network runs, and take the runtime away from under it: that ends in an abort.
 */
function die(name: NodeJS.Signals): void {
  for (const one of signals) process.removeAllListeners(one)
  process.kill(process.pid, name)
}
