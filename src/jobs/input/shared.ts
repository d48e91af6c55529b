/** Memory that threads share, where the door allows it: a page without isolation has none. */
export const sharedBytes = (length: number): ArrayBuffer =>
  typeof SharedArrayBuffer === 'undefined'
    ? new ArrayBuffer(length)
    : (new SharedArrayBuffer(length) as unknown as ArrayBuffer)
