/**
 * What reading a file may cost: decided from what the file declares, before anything is allocated.
 */
import { demand } from '../base/errors.ts'

/** Bytes that the readers of a file (or of all files of a folder) may still allocate. */
export interface Budget {
  /** Bytes in all. */
  readonly most: number
  /** Bytes already promised. */
  readonly spent: number
  /**
   * Takes bytes off before they are allocated.
   * @param name what the errors call the file
   * @throws RangeError if that is more than is left
   */
  spend(bytes: number, name: string): void
}

/** What a file may unpack to, unless it is larger itself: 1 GiB, a volume of 1024³ bytes. */
export const usualMemory = 2 ** 30

/** Arrays, labels and copies of a file that is not packed are a few times its size. */
const copies = 8

/**
 * A budget for files of `size` bytes in all: `memory` (1 GiB by default), or eight times the size where that is more,
 * since whoever has a large file expects a large cost; only what is told goes beyond it.
 */
export function budgetFor(size: number, memory?: number): Budget {
  const most = memory ?? Math.max(usualMemory, copies * size)
  let spent = 0
  return {
    most,
    get spent() {
      return spent
    },
    spend(bytes, name) {
      const wanted = `at most ${bytesText(most)} unpacked (--memory raises it)`
      demand(spent + bytes <= most, `read ${name}`, 'what it holds', wanted, bytesText(spent + bytes))
      spent += bytes
    },
  }
}

const units = ['bytes', 'kiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** A number of bytes for people: 2.04 GiB. */
export function bytesText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`
}
