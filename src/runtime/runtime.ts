/** What executes a printed graph: two adapters stand behind it, and nothing else knows ONNX Runtime. */

/** A tensor with its data, row-major. */
export interface Value {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

export interface Program {
  /** Runs once. The outputs belong to the caller. */
  run(feeds: Readonly<Record<string, Value>>): Promise<Record<string, Value>>
  release(): Promise<void>
}

export interface CompileOptions {
  /** Threads of the processor; default: the runtime's own choice. */
  readonly threads?: number
}

export interface Runtime {
  /** Name, version and device: what equal bytes depend on. */
  readonly name: string
  readonly version: string
  readonly device: string
  /** What its user should be told of it, in a sentence: that it stands in for a faster one. */
  readonly note?: string
  /** Compiles the bytes of an ONNX model; throws an Error with one line where the device cannot. */
  compile(model: Uint8Array, options?: CompileOptions): Promise<Program>
}
