/**
 * Formats that are not read here, by their first bytes: what they are called, and what to do with them.
 */
import { malformed } from './malformed.ts'

interface Foreign {
  readonly name: string
  /** What to do. */
  readonly advice: string
  /** Where the letters stand. */
  readonly at?: number
  /** Bytes, each as one letter of Latin-1. */
  readonly letters: string
}

const picture = 'save it as PNG or TIFF (JPG blurs labels: take the original)'
const volume = 'save it as .tif, .nrrd, .mhd, .nii, .vti or .npy'
const unpack = 'unpack it first'

const foreign: readonly Foreign[] = [
  {
    name: 'a MATLAB file (.mat)',
    advice: 'save the array with h5write, or by scipy as .npy',
    letters: 'MATLAB 5.0',
  },
  { name: 'an Amira or Avizo file (.am)', advice: `${volume} in Avizo`, letters: '# AmiraMesh' },
  { name: 'an Amira or Avizo file (.am)', advice: `${volume} in Avizo`, letters: '# Avizo' },
  { name: 'an Amira or Avizo file (.hx)', advice: volume, letters: '# HyperSurface' },
  { name: 'a BMP picture', advice: picture, letters: 'BM' },
  { name: 'a JPEG picture', advice: picture, letters: '\xff\xd8\xff' },
  { name: 'a GIF picture', advice: picture, letters: 'GIF8' },
  { name: 'a WebP picture', advice: picture, at: 8, letters: 'WEBP' },
  { name: 'a JPEG 2000 picture', advice: picture, at: 4, letters: 'jP  ' },
  { name: 'a HEIF or AVIF picture', advice: picture, at: 4, letters: 'ftyp' },
  { name: 'a Photoshop picture', advice: picture, letters: '8BPS' },
  { name: 'an OpenEXR picture', advice: picture, letters: 'v/1\x01' },
  { name: 'a PBM, PGM or PPM picture', advice: picture, letters: 'P1\n' },
  ...['P2', 'P3', 'P4', 'P5', 'P6'].map(letters => ({
    name: 'a PBM, PGM or PPM picture',
    advice: picture,
    letters: `${letters}\n`,
  })),
  { name: 'a DICOM file', advice: `${volume} (dcm2niix, 3D Slicer)`, at: 128, letters: 'DICM' },
  { name: 'a legacy VTK file (.vtk)', advice: 'save it as .vti in ParaView', letters: '# vtk DataFile' },
  { name: 'an STL or PLY surface', advice: 'voxelise it', letters: 'solid ' },
  { name: 'an STL or PLY surface', advice: 'voxelise it', letters: 'ply\n' },
  { name: 'a FITS file', advice: volume, letters: 'SIMPLE  =' },
  { name: 'an MRC or CCP4 map', advice: volume, at: 208, letters: 'MAP ' },
  { name: 'a classic netCDF file', advice: `${volume}, or as netCDF 4`, letters: 'CDF\x01' },
  { name: 'a classic netCDF file', advice: `${volume}, or as netCDF 4`, letters: 'CDF\x02' },
  { name: 'a CZI file of Zeiss', advice: 'save it as OME-TIFF (Fiji, Bio-Formats)', letters: 'ZISRAWFILE' },
  { name: 'an Office or microscope file (OLE)', advice: volume, letters: '\xd0\xcf\x11\xe0' },
  { name: 'a PDF file', advice: 'take the picture out of it', letters: '%PDF' },
  { name: 'a bzip2 file', advice: `${unpack} (bunzip2)`, letters: 'BZh' },
  { name: 'an xz file', advice: `${unpack} (unxz)`, letters: '\xfd7zXZ' },
  { name: 'a Zstandard file', advice: `${unpack} (unzstd)`, letters: '\x28\xb5\x2f\xfd' },
  { name: 'an LZ4 file', advice: `${unpack} (unlz4)`, letters: '\x04\x22\x4d\x18' },
  { name: 'a 7z archive', advice: unpack, letters: '7z\xbc\xaf' },
  { name: 'a RAR archive', advice: unpack, letters: 'Rar!' },
  { name: 'a tar archive', advice: unpack, at: 257, letters: 'ustar' },
  { name: 'a Parquet file', advice: 'save the array by numpy as .npy', letters: 'PAR1' },
  { name: 'a Python pickle', advice: 'save the array with numpy.save', letters: '\x80\x04\x95' },
  { name: 'a Python pickle', advice: 'save the array with numpy.save', letters: '\x80\x03' },
  { name: 'a page of HTML', advice: 'download the file itself', letters: '<!DOCTYPE' },
  { name: 'a page of HTML', advice: 'download the file itself', letters: '<html' },
  {
    name: 'a Git LFS pointer',
    advice: 'fetch the file itself (git lfs pull)',
    letters: 'version https://git-lfs',
  },
]

/** What the bytes are, and what to do; undefined where nothing tells. */
export function foreignFormat(
  bytes: Uint8Array,
): { readonly name: string; readonly advice: string } | undefined {
  const known = foreign.find(({ at = 0, letters }) =>
    Array.from(letters).every((letter, i) => bytes[at + i] === letter.charCodeAt(0)),
  )
  if (known) return known
  const head = bytes.subarray(0, 256)
  const text = head.length > 0 && head.every(byte => byte >= 32 || (byte >= 9 && byte <= 13))
  if (!text) return undefined
  return { name: 'a text', advice: 'save numbers by numpy.save or as a picture' }
}

/**
 * The refusal of a file that is none of the formats that are read: names it where that is possible.
 * @param wanted the formats that are read
 */
export function unknownFormat(bytes: Uint8Array, name: string, wanted: string): SyntaxError {
  if (bytes.length === 0) return malformed(name, 'the file', wanted, 'an empty one')
  const known = foreignFormat(bytes)
  if (!known) return malformed(name, 'the file', wanted, [...bytes.subarray(0, 4)])
  return malformed(name, 'the file', wanted, `${known.name}: ${known.advice}`)
}
