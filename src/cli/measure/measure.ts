/** `saltus measure`: microstructures measured, and samples against a reference. */
import { extname, join } from 'node:path'
import { Command, Option } from 'commander'
import { cannot, UsageError } from '../../base/errors.ts'
import { demandFitting, measureSchema } from '../../jobs/measure/fields.ts'
import { measure } from '../../jobs/measure/measure.ts'
import { report as reported } from '../../jobs/measure/report.ts'
import { measureShard } from '../../jobs/shard/measure.ts'
import { type Shard, shardField } from '../../jobs/shard/shard.ts'
import { demandWritable, writeWhole } from '../../node/files.ts'
import { watched } from '../drawing-flags.ts'
import { jobOf, parserOf, withFields } from '../flags.ts'
import { partBy } from '../shard-by.ts'
import { given, onlyFolder, several } from '../usage.ts'

/** Where what is measured goes. */
interface Flags {
  readonly json: boolean
  readonly csv?: string
  readonly report?: string
  readonly maps?: string
  readonly quiet: boolean
  readonly shard?: Shard
  readonly out?: string
}

export function measureCommand(): Command {
  const command = new Command('measure')
    .description(
      'measure microstructures: correlations, pore sizes, surfaces, tortuosity; samples against a reference',
    )
    .argument(
      '<files...>',
      'labels (0 = pore): TIFF, PNG, .npy, .npz, .vti, .mhd, .nrrd, .nii, HDF5, .raw with --shape, or folders of slices',
    )
  return withFields(command, measureSchema, ['files', 'reference'])
    .option('--no-volume', 'slices one by one, whatever the file says')
    .option('--reference <path>', measureSchema.reference.help, several)
    .option('--json', 'print one JSON object per file', false)
    .option('--csv <file>', 'write the numbers of every image')
    .option('--report <file>', 'write pictures, curves and the table: .html, or the curves alone: .svg')
    .option('--maps <folder>', 'write thickness, concentration and clusters as .npy and .png')
    .addOption(
      new Option(`--shard ${shardField.argument}`, shardField.help.replace('draw', 'measure')).argParser(
        parserOf(shardField, '--shard'),
      ),
    )
    .option('--out <folder>', 'where parts go, for saltus merge')
    .option('--quiet', 'print results and errors only', false)
    .addHelpText(
      'after',
      `
Examples:
  saltus measure rock.tif
  saltus measure rock.tif --voxel-size 5.7um --report rock.html
  saltus measure samples.npz --reference scan.tif --held-out-of berea
  saltus measure scan.raw --shape 400,400,400 --only poreSizes,tortuosity --json`,
    )
    .action((files: string[], flags: Flags) => run(files, flags))
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const { csv, report, maps, json, quiet } = flags
  const job = jobOf(measureSchema, { ...flags, files })
  demandFitting(job)
  const kind = report && extname(report).toLowerCase().slice(1)
  if (kind !== undefined && kind !== 'html' && kind !== 'svg')
    throw new UsageError(cannot('write the report', '--report', 'a file ending in .html, .svg', report))
  for (const path of [csv, report]) if (path !== undefined) demandWritable(path)
  if (maps !== undefined) demandWritable(join(maps, 'map.npy'))
  const watching = { device: 'cpu' as const, name: 'measure', quiet }
  await watched(watching, async context => {
    const { shard } = flags
    if (shard) {
      const folder = onlyFolder([given('measure', '--out', flags.out)])
      const part = measureShard(job, shard, context)
      process.stdout.write(await partBy(part, { folder, shard, json, quiet, noun: 'files' }))
      return
    }
    const found = await measure(job, context, { maps: maps !== undefined, pictures: report !== undefined })
    if (csv !== undefined) writeWhole(csv, found.csv())
    if (report !== undefined) writeWhole(report, await reported(found, kind as 'html' | 'svg'))
    if (maps !== undefined) for (const { name, bytes } of found.maps) writeWhole(join(maps, name), bytes)
    const lines = () => found.records().map(record => `${JSON.stringify(record)}\n`)
    process.stdout.write(json ? lines().join('') : found.table())
  })
}
