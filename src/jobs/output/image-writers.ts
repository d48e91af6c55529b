/** Images as files by their ending: a picture of all, .npy or .npz. */
import { writeNpy } from '../../formats/npy.ts'
import { writeNpz } from '../../formats/npz.ts'
import { picture } from '../../formats/picture.ts'
import { seriesPicture } from '../../formats/series-picture.ts'
import { seriesText } from '../../formats/series-text.ts'
import { endingOf, type OutFile } from '../files.ts'
import { recordKey, recordText } from '../record.ts'
import { type Images, imageNames, type OutputOptions, packed } from './images.ts'

/** The images as the file of that name. */
export function writtenImages(
  path: string,
  images: Images,
  { more = {}, captions, columns, series, paper, record }: OutputOptions = {},
): OutFile[] {
  const ending = endingOf(path)
  const text = record && { [recordKey]: recordText(record) }
  const [name] = imageNames(path, images.shape, { also: series ? ['.csv'] : [] })
  if (ending === '.csv' && series)
    return [{ name, bytes: new TextEncoder().encode(seriesText(images, series)) }]
  if (ending === '.png' && series)
    return [{ name, bytes: seriesPicture(images, { captions, columns, text }) }]
  if (ending === '.png') return [{ name, bytes: picture(images, { captions, columns, text, paper }).png }]
  const samples = packed(paper === undefined ? images : onPaper(images, paper))
  if (ending === '.npy') return [{ name, bytes: writeNpy(samples) }]
  return [{ name, bytes: writeNpz({ samples, ...more, ...text }) }]
}

/** What so much ink leaves of the paper: white less the counts, and black where there is more of it than that. */
const onPaper = ({ counts, shape }: Images, paper: number): Images => ({
  counts: counts.map(ink => Math.max(0, paper - ink)),
  shape,
})
