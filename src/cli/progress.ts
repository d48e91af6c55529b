/** Progress on the terminal: a bar with the time left where someone watches, a line now and then where not. */
import { SingleBar } from 'cli-progress'

export interface Progress {
  /** `done` of the total, and a few words on how it goes. */
  update(done: number, words?: string): void
  stop(): void
}

/** A bar on standard error; nothing at all when `quiet`. */
export function progressBar(
  name: string,
  { total, quiet = false }: { total: number; quiet?: boolean },
): Progress {
  if (quiet) return { update() {}, stop() {} }
  if (!process.stderr.isTTY) return lines(name, total)
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total} · {left} left{words}`,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    fps: 5,
    stream: process.stderr,
  })
  const began = Date.now()
  bar.start(total, 0, { left: '…', words: '' })
  return {
    update: (done, words = '') =>
      bar.update(done, { left: timeLeft(began, done / total), words: words && ` · ${words}` }),
    stop: () => bar.stop(),
  }
}

/** One line every ten seconds, for logs. */
function lines(name: string, total: number): Progress {
  const began = Date.now()
  let last = began
  return {
    update(done, words = '') {
      const now = Date.now()
      if (now - last < 10_000) return
      last = now
      process.stderr.write(
        `${name} ${done}/${total} · ${timeLeft(began, done / total)} left${words && ` · ${words}`}\n`,
      )
    },
    stop() {},
  }
}

function timeLeft(began: number, share: number): string {
  if (share <= 0) return '…'
  return duration(((Date.now() - began) / 1000) * (1 / share - 1))
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
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    process.stderr.write('\nStopping…\n')
    controller.abort()
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
