/** How often values are met, and a threshold among them. */
import { Field } from '../parts/field.tsx'
import { coding, recode, scan } from './scan.ts'

const [width, height] = [320, 96]

export function Histogram() {
  const { histogram, threshold: offered, phases, why } = scan.value!
  const { low, width: bin, counts } = histogram
  const told = coding.value.threshold
  // Where values are labels by themselves there is nothing to be set.
  if ((why === undefined && told === undefined && phases.length > 0) || counts.length < 2) return null
  const most = Math.max(...counts)
  const high = low + bin * counts.length
  const at = Number(told ?? offered ?? low)
  const step = width / counts.length
  const tall = (n: number) => (height * Math.log1p(n)) / Math.log1p(most)
  const mark = ((at - low) / (high - low)) * width
  return (
    <fieldset>
      <legend>Threshold: values of at least this are solid</legend>
      <svg
        class="histogram"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Histogram of the values from ${low} to ${high}, in logarithmic height`}
        preserveAspectRatio="none"
      >
        {counts.map((n, i) => (
          <rect
            key={low + i * bin}
            class="bar"
            x={i * step}
            y={height - tall(n)}
            width={Math.max(0.8, step - 0.4)}
            height={tall(n)}
          />
        ))}
        <line x1={mark} x2={mark} y1="0" y2={height} />
      </svg>
      <input
        type="range"
        aria-label="Threshold, by slider"
        min={low}
        max={high}
        step={bin}
        value={at}
        onChange={event => void recode('threshold', event.currentTarget.value)}
      />
      <div class="row">
        <Field
          label="Threshold, by number"
          mode="decimal"
          placeholder={offered === undefined ? '' : `Otsu: ${offered}`}
          value={told as string | undefined}
          put={value => void recode('threshold', value)}
        />
        <button
          type="button"
          disabled={offered === undefined}
          onClick={() => void recode('threshold', String(offered))}
        >
          Otsu's: {offered}
        </button>
      </div>
    </fieldset>
  )
}
