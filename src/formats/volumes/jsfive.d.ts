/** What of jsfive is used here; it brings no types of its own. */
declare module 'jsfive' {
  export class Dataset {
    readonly shape: number[]
    /** '<f4', '|u1', …; a list for texts and records. */
    readonly dtype: string | unknown[]
    /** All elements; nothing where none were written. */
    readonly value: ArrayLike<unknown>
    readonly attrs: Record<string, unknown>
  }
  export class Group {
    readonly keys: string[]
    get(path: string): Group | Dataset | null
  }
  export class File extends Group {
    constructor(buffer: ArrayBufferLike, name?: string)
  }
}
