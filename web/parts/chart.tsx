/** A chart of plain data, drawn by Observable Plot in the colours of the page, with its numbers in a table below. */
import { areaY, dot, frame, line, plot } from '@observablehq/plot'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { type LineChartOptions, lineMarks } from '../../src/formats/lines.ts'

const width = 560
const height = 340

export function Chart({
  chart,
  table = true,
}: {
  readonly chart: LineChartOptions
  readonly table?: boolean
}) {
  const place = useRef<HTMLDivElement>(null)
  const { title, x, y, series } = chart
  const { marks, keys, scales } = lineMarks({ areaY, dot, line }, chart)
  useLayoutEffect(() => {
    const drawn = plot({
      width,
      height,
      ...{ marginLeft: 64, marginRight: 20, marginBottom: 42, marginTop: 26 },
      style: { background: 'transparent', fontSize: '14px' },
      x: { ...scales.x, labelAnchor: 'center' },
      y: { ...scales.y, labelOffset: 52 },
      ariaLabel: title,
      ariaDescription: `${y.label} over ${x.label}: ${series.map(({ name }) => name).join(', ')}`,
      marks: [frame({ stroke: 'currentColor', strokeOpacity: 0.3 }), ...marks],
    })
    // Its rules stand in the style sheet: pages of a strict policy take no others.
    drawn.querySelector('style')?.remove()
    drawn.setAttribute('role', 'img')
    // It is one picture: its marks have no names of their own.
    for (const mark of drawn.querySelectorAll('[aria-label]')) mark.removeAttribute('aria-label')
    place.current?.replaceChildren(drawn)
  })
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <ul class="keys">
        {keys.map(({ name, colour, thick }) => (
          <li key={name}>
            <svg viewBox="0 0 22 10" aria-hidden="true">
              <line x1="0" x2="22" y1="5" y2="5" stroke={colour} stroke-width={thick ? 10 : 3} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <div ref={place} />
      {table && <Numbers chart={chart} />}
    </figure>
  )
}

/** The numbers behind the chart, in full. */
function Numbers({ chart: { title, x, series } }: { readonly chart: LineChartOptions }) {
  return (
    <details>
      <summary>Numbers</summary>
      {series.map(({ name, points }) => (
        <div key={name}>
          <table aria-label={`${title}: ${name}`}>
            <thead>
              <tr>
                <th scope="col">{x.label}</th>
                <th scope="col">{name}</th>
              </tr>
            </thead>
            <tbody>
              {points.map(([at, value]) => (
                <tr key={at}>
                  <td>{at}</td>
                  <td>{Number.isFinite(value) ? value : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </details>
  )
}
