/**
 * The ranks of a training run as processes of MPI, which may be on as many machines: `mpiexec -n 4 saltus train --mpi …`.
 * The library is called through koffi, which is installed by whoever wants it (npm install koffi); no other file knows it.
 *
 * What all must agree upon is a sum of doubles, each a whole number of steps of a grid, so that MPI_SUM is exact in
 * whatever order an implementation adds (MPI 4.0, §6.9.1 leaves it free).
 */
import { cannot } from '../base/errors.ts'
import type { Ranks } from '../training/ranks.ts'

/** What is used of koffi. */
interface Koffi {
  load(path: string): Library
}
interface Library {
  func(name: string, result: string, parameters: readonly string[]): (...values: unknown[]) => number
  symbol(name: string, type: string): unknown
}

/** Handles of MPICH and of what shares its ABI (Intel MPI, Cray MPICH, MVAPICH): whole numbers out of its mpi.h. */
const mpich = { world: 0x44000000, double: 0x4c00080b, sum: 0x58000003 } as const

const names = ['libmpi.so.12', 'libmpich.so.12', 'libmpi.so.40', 'libmpi.so']

/** Ranks that are processes. */
export interface Mpi extends Ranks {
  /** A signal that is given to all ranks after the same step, once that of any of them was. */
  agreed(signal: AbortSignal): AbortSignal
  /** Ends all ranks at once: one of them cannot go on, and the others would wait for it. */
  abort(): void
}

/** Joins the processes that mpiexec or srun started. @throws Error of one line where there is no koffi, or no MPI */
export async function mpi(): Promise<Mpi> {
  const library = await loaded()
  const call = (name: string, parameters: readonly string[]) => {
    const own = library.func(name, 'int', parameters)
    return (...values: unknown[]) => {
      const status = own(...values)
      if (status !== 0) throw new Error(cannot('train', name, 'done by MPI, status 0', status))
    }
  }
  const open = opened(library)
  const handle = open ? 'void *' : 'int'
  const { world, double, sum } = open ?? mpich
  call('MPI_Init', ['void *', 'void *'])(null, null)
  const [rank, size] = ['MPI_Comm_rank', 'MPI_Comm_size'].map(name => {
    const found = new Int32Array(1)
    call(name, [handle, 'void *'])(world, found)
    return found[0]
  })
  const reduce = call('MPI_Allreduce', ['void *', 'void *', 'int', handle, handle, handle])
  const abort = call('MPI_Abort', [handle, 'int'])
  const stop = new AbortController()
  let asked: AbortSignal | undefined
  let [told, all] = [new Float64Array(0), new Float64Array(0)]
  return {
    rank,
    size,
    async sum(at, own) {
      const sums = await own(at)
      const { length } = sums
      if (all.length !== length + 1)
        [told, all] = [new Float64Array(length + 1), new Float64Array(length + 1)]
      told.set(sums)
      told[length] = asked?.aborted ? 1 : 0
      reduce(told, all, length + 1, double, sum, world)
      if (all[length] > 0) stop.abort(asked?.reason)
      return all.subarray(0, length)
    },
    agreed(signal) {
      asked = signal
      return stop.signal
    },
    abort: () => abort(world, 1),
    close: async () => call('MPI_Finalize', [])(),
  }
}

async function loaded(): Promise<Library> {
  const name = 'koffi'
  let koffi: Koffi
  try {
    koffi = ((await import(name)) as { default: Koffi }).default
  } catch {
    throw new Error(cannot('train with MPI', 'koffi', 'installed (npm install koffi)', 'none'))
  }
  for (const library of names)
    try {
      return koffi.load(library)
    } catch {}
  throw new Error(cannot('train with MPI', 'the library', `one of ${names.join(', ')}`, 'none of them'))
}

/** Handles of Open MPI: addresses of symbols that it exports; undefined for another MPI. */
function opened(library: Library) {
  try {
    const [world, double, sum] = ['ompi_mpi_comm_world', 'ompi_mpi_double', 'ompi_mpi_op_sum'].map(name =>
      library.symbol(name, 'void *'),
    )
    return { world, double, sum }
  } catch {
    return undefined
  }
}
