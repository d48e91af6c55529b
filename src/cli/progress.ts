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

/** One line every ten seconds, for logs. */
function lines(name: string, { total, left }: { total: number; left: (done: number) => string }): Progress {
  let last = Date.now()
  return {
    update(done, words = '') {
      const now = Date.now()
      if (now - last < 10_000) return
      last = now
      process.stderr.write(`${name} ${done}/${total} · ${left(done)} left${words && ` · ${words}`}\n`)
    },
    stop() {},
  }
}

/** The time left at the speed since now, in words. */
function countdown(total: number, from: number): (done: number) => string {
  const began = Date.now()
  return done =>
    done > from ? duration((((Date.now() - began) / 1000) * (total - done)) / (done - from)) : '…'
}

/** Seconds as 12s, 3m05s or 1h02m. */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  if (s < 60) return `${s}s`
  if (s < 3600) return `${Math.floor(s / 60)}m${two(s % 60)}s`
  return `${Math.floor(s / 3600)}h${two(Math.floor((s % 3600) / 60))}m`
}

/** A signal that Ctrl-C (and SIGTERM) sets once; a second one ends the process at once. */
export function interruption(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = (name: string) => {
    if (controller.signal.aborted) process.exit(name === 'SIGTERM' ? 143 : 130)
    process.stderr.write('\nStopping…\n')
    controller.abort(name)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}
