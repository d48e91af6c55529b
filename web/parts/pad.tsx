/** A canvas that one draws on, with a pointer or with keys: arrows move the pen, space draws. */
import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'

export interface Place {
  readonly x: number
  readonly y: number
}

interface PadProps {
  readonly label: string
  readonly width: number
  readonly height: number
  /** RGBA of every site, [H, W, 4]. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  draw(place: Place): void
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

export function Pad({ label, width, height, pixels, draw }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const pen = useSignal<Place | undefined>(undefined)
  const { x, y } = pen.value ?? { x: -1, y: -1 }
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0)
  }, [pixels, width, height])
  const at = (event: PointerEvent): Place => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const part = (value: number, size: number) => Math.max(0, Math.min(size - 1, Math.floor(value * size)))
    return {
      x: part((event.clientX - box.left) / box.width, width),
      y: part((event.clientY - box.top) / box.height, height),
    }
  }
  const onPointer = (event: PointerEvent) => {
    if (event.type === 'pointerdown') (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    if (event.buttons === 0) return
    event.preventDefault()
    draw(at(event))
  }
  const onKey = (event: KeyboardEvent) => {
    const from = pen.value ?? { x: width >> 1, y: height >> 1 }
    const move = moves[event.key]
    if (!move && event.key !== ' ') return
    event.preventDefault()
    const to = move
      ? { x: (from.x + move[0] + width) % width, y: (from.y + move[1] + height) % height }
      : from
    pen.value = to
    if (!move || event.shiftKey) draw(to)
  }
  return (
    <div class="pad">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys as no other element does */}
      <canvas
        ref={canvas}
        width={width}
        height={height}
        role="application"
        tabIndex={0}
        aria-label={`${label}: arrows move the pen, space draws, shift with arrows draws on the way`}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onKeyDown={onKey}
        onFocus={() => {
          pen.value ??= { x: width >> 1, y: height >> 1 }
        }}
      />
      {pen.value && (
        <svg class="pen" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <rect x={x} y={y} width={1} height={1} />
        </svg>
      )}
    </div>
  )
}
