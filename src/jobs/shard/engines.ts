/** How the engines that people have run a job in shards: texts for Slurm, Kubernetes, Snakemake and GNU parallel. */
import { endingOf, stemOf } from '../files.ts'
import { quoted } from '../words.ts'

export interface Engine {
  /** The words of a command that draws, without --out: `sample`, `-n`, `1000`. */
  readonly words: readonly string[]
  /** What is wanted in the end. */
  readonly out: readonly string[]
  readonly shards: number
  /** Most minutes of one shard. */
  readonly minutes: number
  /** Threads of one shard. */
  readonly threads: number
  /** The folder of the parts. */
  readonly parts: string
  /** How saltus is called there. */
  readonly call: string
  /** Tasks of an array of Slurm. */
  readonly most: number
  /** Of Kubernetes: the image of the container, and the claim of the volume that all share. */
  readonly image: string
  readonly claim: string
}

/** `digits.npz` to `digits.parts`. */
export const partsOf = ([out]: readonly string[]): string => `${stemOf(out)}.parts`

const line = (words: readonly string[]) => words.map(quoted).join(' ')

/** The call that draws a shard, and the one that merges all. */
function calls({ call, words, shards, parts, out, threads }: Engine) {
  const [verb] = words
  const draws = verb !== 'evaluate' && verb !== 'measure'
  const workers = draws && !words.includes('--workers') ? ['--workers', String(threads)] : []
  const quiet = verb === 'evaluate' ? [] : ['--quiet']
  return {
    whole: `saltus ${line([...words, ...out.flatMap(path => ['--out', path])])}`,
    shard: (index: string) =>
      `${call} ${line([...words, ...workers, ...quiet])} --shard ${index}/${shards} --out ${quoted(parts)}`,
    merge: `${call} merge ${line([parts, ...out.flatMap(path => ['--out', path])])}`,
  }
}

/** A script that submits the shards in arrays of at most `most` tasks, and a job behind them that merges. */
export function slurm(engine: Engine): string {
  const { shards, minutes, threads, parts, most } = engine
  const { whole, shard, merge } = calls(engine)
  return `#!/usr/bin/env bash
# ${whole}
# in ${shards} shards of at most ${minutes} minutes, and a job that merges them. Run it where sbatch is; run it again after a
# failure: parts that are there are left as they are. Bytes are equal where the nodes are of one kind (sbatch --constraint).
set -euo pipefail
parts=${quoted(parts)}
shards=${shards}
most=${most} # tasks of an array, below MaxArraySize (scontrol show config)
mkdir -p "$parts/logs"

cat > "$parts/task.sh" <<'TASK'
#!/usr/bin/env bash
# A shard: $1 and the index of the task.
${shard('$(($1 + SLURM_ARRAY_TASK_ID))')} &
child=$!
# Sent before the time is over, or where the task must make way: saltus ends, and leaves nothing half-written.
trap 'kill -TERM $child' TERM
wait $child
status=$?
while kill -0 $child 2> /dev/null; do wait $child; status=$?; done
# 75: no space or memory left. What may be over by then is tried again, three times.
if [ $status = 75 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit $status
TASK

jobs=
for ((first = 0; first < shards; first += most)); do
  last=$((first + most < shards ? most - 1 : shards - first - 1))
  jobs+=:$(sbatch --parsable --job-name=saltus --array=0-$last --time=${minutes} --cpus-per-task=${threads} \\
    --requeue --open-mode=append --signal=B:TERM@90 --output="$parts/logs/%A_%a.log" "$parts/task.sh" $first)
done
sbatch --parsable --job-name=saltus-merge --dependency="afterok$jobs" --kill-on-invalid-dep=yes \\
  --output="$parts/logs/merge.log" --wrap ${quoted(merge)}
`
}

/** An Indexed Job: at most three tries of an index, none where the job itself is wrong, and disruptions do not count. */
export function kubernetes(engine: Engine): string {
  const { shards, minutes, threads, image, claim } = engine
  const { whole, shard, merge } = calls(engine)
  return `# ${whole}
# in ${shards} shards. Then, with the same volume: ${merge}
apiVersion: batch/v1
kind: Job
metadata:
  name: saltus
spec:
  completionMode: Indexed
  completions: ${shards}
  parallelism: ${Math.min(shards, 1000)}
  backoffLimitPerIndex: 3
  maxFailedIndexes: ${shards}
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
      - action: FailIndex
        onExitCodes:
          containerName: saltus
          operator: In
          values: [1, 2]
  template:
    spec:
      restartPolicy: Never
      activeDeadlineSeconds: ${60 * minutes}
      terminationGracePeriodSeconds: 90
      containers:
        - name: saltus
          image: ${JSON.stringify(image)}
          workingDir: /work
          command: ["sh", "-c", ${JSON.stringify(`exec ${shard('$JOB_COMPLETION_INDEX')}`)}]
          resources:
            requests:
              cpu: "${threads}"
              memory: 2Gi
          volumeMounts:
            - name: work
              mountPath: /work
      volumes:
        - name: work
          persistentVolumeClaim:
            claimName: ${JSON.stringify(claim)}
`
}

/** Two rules: a part, and all of them merged. */
export function snakemake(engine: Engine): string {
  const { shards, threads, minutes, parts, out } = engine
  const { whole, shard, merge } = calls(engine)
  const ending = engine.words[0] === 'measure' ? '.jsonl' : '.npy'
  const names = out.map(path => JSON.stringify(path)).join(', ')
  return `# ${whole}
# in ${shards} shards: snakemake --cores ${threads}
rule all:
    input: ${names}

rule part:
    output: ${JSON.stringify(`${parts}/part-{i}${ending}`)}
    wildcard_constraints: i=r"\\d{{5}}"
    threads: ${threads}
    retries: 3
    resources: runtime=${minutes}
    shell: ${JSON.stringify(shard('$((10#{wildcards.i}))'))}

rule merge:
    input: [f${JSON.stringify(`${parts}/part-{i:05d}${ending}`)} for i in range(${shards})]
    output: ${names}
    shell: ${JSON.stringify(merge)}
`.replace('{{5}}', '{5}')
}

/** One line for one machine. */
export function parallel(engine: Engine): string {
  const { shards, parts } = engine
  const { whole, shard, merge } = calls(engine)
  return `# ${whole}
# in ${shards} shards; again after a failure: only what failed
mkdir -p ${quoted(parts)} && parallel --jobs 1 --retries 3 --joblog ${quoted(`${parts}/log`)} --resume-failed ${quoted(shard('{}'))} ::: $(seq 0 ${shards - 1}) && ${merge}
`
}

/** Files that an engine's job can be asked for: those that `saltus merge` writes. */
export const mergeable = (path: string): boolean => endingOf(path) !== ''
