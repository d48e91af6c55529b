/** A state of an image on a canvas, a pixel for each site. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { State } from '../protocol.ts'

export function Canvas({ state, label }: { readonly state: State; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { pixels, width } = state
  const height = pixels.length / 4 / width
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0)
  }, [pixels, width, height])
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
}

/** What a state holds, in words: its units, of several channels those of each. */
export const massOf = ({ masses }: State): string => masses.map(mass => mass.toLocaleString('en')).join(' + ')

export const totalOf = ({ masses }: State): number => masses.reduce((sum, mass) => sum + mass, 0)
