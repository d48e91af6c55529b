/** Movies as pictures: a strip of frames, or one picture for each frame of an animation. */
import { writeApng } from '../../formats/apng.ts'
import { extremes } from '../../formats/extremes.ts'
import { writeGif } from '../../formats/gif.ts'
import { type PictureOptions, picture } from '../../formats/picture.ts'
import { readPng } from '../../formats/png.ts'
import type { JumpProcess } from '../../process/index.ts'
import { type Film, massOf } from '../draw/film.ts'
import { onPaper } from '../output/images.ts'
import { phaseLights } from './lights.ts'

export interface Movie {
  /** One after the other: the images appear in one, and are lost in the next. Of as many frames each. */
  readonly films: readonly Film[]
  /** The images at time 0, [images, C, H, W]. */
  readonly clean: Int32Array
  readonly images: number
  readonly process: JumpProcess
  /** Where they are of a material: the label of each channel's units; the one label that is missing is what is left. */
  readonly units: readonly number[] | undefined
  /** Where the units are of ink: the value of white paper. */
  readonly paper?: number
}

export interface MovieOptions {
  /** Frames of each film that are shown, from the first to the last. */
  readonly frames: number
  /** Pixels per site; default: the least that makes images wide enough to look at. */
  readonly scale?: number
}

export interface AnimationOptions extends MovieOptions {
  /** Frames per second. */
  readonly fps: number
  /** For how many seconds more the images themselves, and the last frame, stay. */
  readonly hold: number
}

/** A row for each film of each image, from the first frame to the last. */
export function strip(movie: Movie, { frames, scale = widened(movie, 84) }: MovieOptions): Uint8Array {
  const states = Array.from({ length: movie.images }, (_, image) =>
    movie.films.flatMap(film => chosen(film, frames, movie.images).map(frame => ({ film, image, frame }))),
  ).flat()
  const captions = states.map(state => linesOf(movie, state).join('\n'))
  return drawn(movie, states, { captions, columns: frames, scale })
}

/** Frames of all images side by side, each shown for its time. */
export function animation(movie: Movie, ending: '.gif' | '.apng', options: AnimationOptions): Uint8Array {
  const { images, films } = movie
  const { frames, fps, hold, scale = widened(movie, images > 16 ? 84 : 168) } = options
  const shots = films.flatMap(film => chosen(film, frames, images).map(frame => ({ film, frame })))
  const times = shots.map(({ film, frame }) => timeOf(movie, { film, frame, image: 0 }))
  // Where one film ends with the images and the next begins with them, they are shown once.
  const kept = shots.filter((_, k) => k === 0 || times[k] > 0 || times[k - 1] > 0)
  const all = kept.map(shot => {
    const states = Array.from({ length: images }, (_, image) => ({ ...shot, image }))
    return { states, lines: states.map(state => linesOf(movie, state)) }
  })
  // Letters keep their places, and pictures their size, from frame to frame.
  const width = Math.max(...all.flatMap(({ lines }) => lines.flat()).map(line => line.length))
  const pictures = all.map(({ states, lines }, k) => {
    const captions = lines.map(of => of.map(line => line.padEnd(width)).join('\n'))
    const stays = k === all.length - 1 || timeOf(movie, states[0]) === 0
    const delay = Math.round(1000 * (1 / fps + (stays ? hold : 0)))
    return { png: drawn(movie, states, { captions, scale }), delay }
  })
  if (ending === '.apng') return writeApng(pictures)
  return writeGif(pictures.map(({ png, delay }) => ({ picture: readPng(png, 'frame'), delay })))
}

interface State {
  readonly film: Film
  readonly image: number
  readonly frame: number
}

/** So many frames of a film, evenly, the first and the last among them. */
function chosen({ times }: Film, frames: number, images: number): number[] {
  const last = times.length / images - 1
  return Array.from({ length: frames }, (_, k) => Math.round((k * last) / (frames - 1)))
}

const placeOf = ({ images }: Movie, { film, image, frame }: State) =>
  image * (film.times.length / images) + frame

const timeOf = (movie: Movie, state: State) => state.film.times[placeOf(movie, state)]

function stateOf(movie: Movie, state: State): Int32Array {
  const size = movie.clean.length / movie.images
  const at = placeOf(movie, state) * size
  return state.film.counts.subarray(at, at + size)
}

/** What a state holds, and tau = rate * time. */
function linesOf(movie: Movie, state: State): string[] {
  const tau = movie.process.rate * timeOf(movie, state)
  const short = tau >= 100 ? String(Math.round(tau)) : String(Number(tau.toPrecision(tau < 1 ? 2 : 3)))
  return [...massOf(movie.process, stateOf(movie, state)).map(String), `τ=${short}`]
}

/** The least scale that makes images at least so many pixels wide. */
function widened({ process }: Movie, width: number): number {
  return Math.max(1, Math.ceil(width / process.shape[process.shape.length - 1]))
}

/** States side by side. White is the largest count of the images at time 0, so that these look as samples do. */
function drawn(movie: Movie, states: readonly State[], options: PictureOptions): Uint8Array {
  const { clean, process, units, paper } = movie
  const size = clean.length / movie.images
  const counts = new Int32Array(states.length * size)
  states.forEach((state, k) => {
    counts.set(stateOf(movie, state), k * size)
  })
  const shape = [states.length, ...process.shape]
  if (units) {
    const { lights, palette } = phaseLights({ counts, shape, units })
    return picture(lights, { ...options, white: 1, palette }).png
  }
  const white = paper ?? Math.max(1, extremes(clean).largest)
  return picture(onPaper({ counts, shape }, paper), { ...options, white }).png
}
