/** A sweep as a script for Slurm: an array for each rung, which begins when the one before has ended well. */
import { quoted } from '../words.ts'
import type { Rung } from './halving.ts'

export interface SweepScript {
  readonly folder: string
  readonly rungs: readonly Rung[]
  /** Most minutes of a trial. */
  readonly minutes: number
  readonly threads: number
  readonly call: string
}

/** Run it where `sbatch` is; run again, trials that are there are left as they are. */
export function sweepScript({ folder, rungs, minutes, threads, call }: SweepScript): string {
  const own = `${call} sweep -o ${quoted(folder)} --threads ${threads} --quiet`
  const options = `--parsable --time=${minutes} --cpus-per-task=${threads} --requeue --open-mode=append`
  const arrays = rungs.map(({ trials, steps }, k) => {
    const after = k === 0 ? '' : ' --dependency="afterok:$job" --kill-on-invalid-dep=yes'
    const log = `--output=${quoted(`${folder}/logs/%A_%a.log`)}`
    const task = `exec ${own} --rung ${k} --place $SLURM_ARRAY_TASK_ID`
    return `# ${trials} trials of ${steps} steps
job=$(sbatch ${options} --job-name=saltus-sweep-${k} --array=0-${trials - 1}${after} ${log} --wrap ${quoted(task)})`
  })
  return `#!/usr/bin/env bash
# A sweep of ${rungs.map(({ trials }) => trials).join(', ')} trials; in the end: ${own.replace(' --quiet', '')}
set -euo pipefail
mkdir -p ${quoted(`${folder}/logs`)}
${arrays.join('\n')}
sbatch --parsable --job-name=saltus-sweep-end --dependency="afterok:$job" --kill-on-invalid-dep=yes \\
  --output=${quoted(`${folder}/logs/end.log`)} --wrap ${quoted(own)}
`
}
