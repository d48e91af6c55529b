/**
 * The size of the voxels of a TIFF stack, from wherever programs write it.
 */
import { isLength, type Scale, unitNamed } from '../scale.ts'
import { tags } from '../xml.ts'

export interface ScaleTags {
  readonly description?: string
  /** Pixels per unit: numerator and denominator. */
  readonly xResolution?: ArrayLike<number>
  readonly yResolution?: ArrayLike<number>
  /** 1 none, 2 inch, 3 centimetre (TIFF 6.0, §8). */
  readonly resolutionUnit?: number
}

/** Resolutions up to this are those of screens and printers, and say nothing about a material. */
const printersPerInch = 1270

/**
 * The scale by OME's description, by ImageJ's (the unit and `spacing` in its text, sides as resolutions), or by
 * the resolution alone, where it has a unit and is finer than 20 micrometres.
 */
export function scaleOf(tags: ScaleTags): Scale | undefined {
  const { description = '', resolutionUnit = 2 } = tags
  const ome = omeScale(description)
  if (ome) return ome
  const [x, y] = [side(tags.xResolution), side(tags.yResolution ?? tags.xResolution)]
  if (!isLength(x) || !isLength(y)) return undefined
  if (description.startsWith('ImageJ=')) return imageJScale(description, { x, y, resolutionUnit })
  if (resolutionUnit !== 2 && resolutionUnit !== 3) return undefined
  const perInch = resolutionUnit === 2 ? 1 / x : 2.54 / x
  if (perInch <= printersPerInch * (1 + 1e-9)) return undefined
  const micrometres = resolutionUnit === 2 ? 25400 : 10000
  return { x: rounded(x * micrometres), y: rounded(y * micrometres), unit: 'um' }
}

/** The length of one pixel out of pixels per unit. */
function side(resolution: ArrayLike<number> | undefined): number | undefined {
  if (!resolution || resolution.length < 2) return undefined
  return rounded(resolution[1] / resolution[0])
}

/** Without the last bits, which quotients of whole numbers leave. */
const rounded = (value: number) => Number(value.toPrecision(9))

/** ImageJ writes `key=value` lines; pixels per unit are in the tags, `spacing` is the distance of slices. */
function imageJScale(
  description: string,
  { x, y, resolutionUnit }: { x: number; y: number; resolutionUnit: number },
): Scale | undefined {
  const told = /^unit=(.*)$/m.exec(description)?.[1]
  const unit =
    told !== undefined && told.trim() !== '' ? unitNamed(told) : resolutionUnit === 3 ? 'cm' : undefined
  if (!unit) return undefined
  const spacing = Number(/^spacing=(.*)$/m.exec(description)?.[1] ?? Number.NaN)
  return isLength(spacing) ? { x, y, z: spacing, unit } : { x, y, unit }
}

/** The first image's PhysicalSizeX, … of OME-XML; µm where no unit is given, as its schema says. */
function omeScale(description: string): Scale | undefined {
  if (!description.includes('Pixels')) return undefined
  for (const { name, attributes } of tags(description)) {
    if (name !== 'Pixels') continue
    const length = (axis: string) => Number(attributes.get(`PhysicalSize${axis}`) ?? Number.NaN)
    const [x, y, z] = [length('X'), length('Y'), length('Z')]
    const units = ['X', 'Y', 'Z'].map(axis => unitNamed(attributes.get(`PhysicalSize${axis}Unit`) ?? 'µm'))
    // Sides in different units would have to be converted: nobody writes them.
    if (!isLength(x) || !isLength(y) || units[0] !== units[1]) return undefined
    const unit = units[0]
    return isLength(z) && units[2] === unit ? { x, y, z, unit } : { x, y, unit }
  }
  return undefined
}
