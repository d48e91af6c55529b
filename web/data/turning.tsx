/** The volume in three dimensions: turned with the pointer or the arrow keys, cut open with a slider. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { phaseColours } from '../../src/formats/phase-picture.ts'
import type { Voxels } from '../protocol.ts'
import { ask } from '../work.ts'
import { type View, type Viewer, viewer } from './rays.ts'
import { scan } from './scan.ts'

const start: View = { turn: 0.6, tilt: 0.5, near: 1, cut: 0, hidden: 0 }

/** Radians that an arrow turns. */
const step = 0.15

const keys: Readonly<Record<string, (view: View) => Partial<View>>> = {
  ArrowLeft: ({ turn }) => ({ turn: turn - step }),
  ArrowRight: ({ turn }) => ({ turn: turn + step }),
  ArrowUp: ({ tilt }) => ({ tilt: Math.min(1.5, tilt + step) }),
  ArrowDown: ({ tilt }) => ({ tilt: Math.max(-1.5, tilt - step) }),
  '+': ({ near }) => ({ near: Math.min(4, near * 1.15) }),
  '-': ({ near }) => ({ near: Math.max(0.5, near / 1.15) }),
}

export function Turning() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const shown = useRef<Viewer | undefined>(undefined)
  const view = useSignal(start)
  const trouble = useSignal('')
  const voxels = useSignal<Voxels | undefined>(undefined)
  useEffect(() => {
    ask('voxels', {}).then(found => {
      if (!found || !canvas.current) return
      try {
        shown.current?.end()
        shown.current = viewer(canvas.current, found)
        voxels.value = found
        shown.current.show(view.value)
      } catch (error) {
        trouble.value = (error as Error).message
      }
    })
    return () => {
      shown.current?.end()
      shown.current = undefined
    }
  }, [scan.value])
  const now = view.value
  useEffect(() => shown.current?.show(now), [now])
  const change = (part: Partial<View>) => {
    view.value = { ...view.value, ...part }
  }
  const onKey = (event: KeyboardEvent) => {
    const turned = keys[event.key]
    if (!turned) return
    event.preventDefault()
    change(turned(view.value))
  }
  const onDrag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    if (event.type !== 'pointermove' || event.buttons === 0) return
    const { turn, tilt } = view.value
    change({
      turn: turn + event.movementX / 120,
      tilt: Math.max(-1.5, Math.min(1.5, tilt + event.movementY / 120)),
    })
  }
  const { labels = 0 } = voxels.value ?? {}
  const colours = phaseColours(labels)
  return (
    <>
      {trouble.value && <p class="hint">{trouble.value}</p>}
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys as no other element does */}
      <canvas
        ref={canvas}
        class="turning"
        width={560}
        height={420}
        tabIndex={0}
        role="application"
        aria-label="The volume: arrows turn it, plus and minus come nearer and go away"
        onKeyDown={onKey}
        onPointerDown={onDrag}
        onPointerMove={onDrag}
      />
      <div class="row actions">
        {(
          [
            ['Left', 'ArrowLeft'],
            ['Right', 'ArrowRight'],
            ['Up', 'ArrowUp'],
            ['Down', 'ArrowDown'],
            ['Nearer', '+'],
            ['Farther', '-'],
          ] as const
        ).map(([name, key]) => (
          <button key={name} type="button" onClick={() => change(keys[key](view.value))}>
            {name}
          </button>
        ))}
      </div>
      <label>
        Cut open
        <input
          type="range"
          min={0}
          max={0.98}
          step={0.02}
          value={now.cut}
          onInput={event => change({ cut: Number(event.currentTarget.value) })}
        />
      </label>
      {labels > 0 && (
        <label>
          Clear phase
          <select
            value={String(now.hidden)}
            onChange={event => change({ hidden: Number(event.currentTarget.value) })}
          >
            {colours.map((_, label) => (
              <option key={colours[label].join()} value={label}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  )
}
