import type { ImageSet } from '../formats/dataset.ts'
import type { JumpProcess } from '../process/index.ts'
import type { Schedule } from '../schedule/index.ts'
export function designedFor(_process: JumpProcess, _images: ImageSet, _seed: number): Schedule {
  throw new Error('not yet')
}
