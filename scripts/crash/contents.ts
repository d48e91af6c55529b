/** Two contents of a file, of different lengths, that tell themselves apart at every byte. */
export const contents = (which: number): Uint8Array =>
  new Uint8Array(200_000 + 70_000 * which).fill(65 + which)

/** Whether bytes are one of them, whole. */
export const whole = (bytes: Uint8Array): boolean =>
  [0, 1].some(which => Buffer.compare(bytes, contents(which)) === 0)
