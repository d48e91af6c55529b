/** Images as files by their ending: a picture of all, .npy or .npz. */
import { writeNpy } from '../../formats/npy.ts'
import { writeNpz } from '../../formats/npz.ts'
import { picture } from '../../formats/picture.ts'
import { seriesPicture } from '../../formats/series-picture.ts'
import { seriesText } from '../../formats/series-text.ts'
import { endingOf, type OutFile } from '../files.ts'
import { recordKey, recordText } from '../record.ts'
import { type Images, imageNames, type OutputOptions, onPaper, packed } from './images.ts'

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
  const shown = onPaper(images, paper)
  if (ending === '.png')
    return [{ name, bytes: picture(shown, { captions, columns, text, white: paper }).png }]
  const samples = packed(shown)
  if (ending === '.npy') return [{ name, bytes: writeNpy(samples) }]
  return [{ name, bytes: writeNpz({ samples, ...more, ...text }) }]
}
