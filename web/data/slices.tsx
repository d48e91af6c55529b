/** Slices across each axis of the scan. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Canvas } from '../parts/canvas.tsx'
import type { State } from '../protocol.ts'
import { ask } from '../work.ts'
import { scan } from './scan.ts'

const axes = ['z', 'y', 'x']

export function Slices() {
  const { shape, volume } = scan.value!
  const lengths = shape.slice(-3)
  return (
    <div class="slices">
      {axes.slice(0, volume ? 3 : 1).map((name, axis) => (
        <Slice key={name} axis={axis} name={volume ? name : 'image'} length={lengths[axis]} />
      ))}
    </div>
  )
}

function Slice({ axis, name, length }: { axis: number; name: string; length: number }) {
  const at = useSignal(length >> 1)
  const state = useSignal<State | undefined>(undefined)
  useEffect(() => {
    let wanted = true
    ask('slice', { axis, at: at.value }).then(found => {
      if (found && wanted) state.value = found
    })
    return () => {
      wanted = false
    }
  }, [at.value, scan.value])
  return (
    <div>
      {state.value && <Canvas state={state.value} label={`Slice ${at.value} across ${name}`} />}
      {length > 1 && (
        <label>
          {name}: {at.value} of 0 to {length - 1}
          <input
            type="range"
            aria-label={`Slice across ${name}`}
            min={0}
            max={length - 1}
            step={1}
            value={at.value}
            onInput={event => {
              at.value = Number(event.currentTarget.value)
            }}
          />
        </label>
      )}
    </div>
  )
}
