/** What was measured: a table for people, charts with their numbers, and the records of `saltus measure --json`. */
import { Chart } from '../parts/chart.tsx'
import type { Measured } from '../protocol.ts'
import { save } from '../studio.ts'

export function Results({ measured: { rows, charts, records } }: { readonly measured: Measured }) {
  const [head, ...body] = rows
  const json = () => {
    const text = records.map(record => `${JSON.stringify(record)}\n`).join('')
    save({ name: 'measure.json', bytes: new TextEncoder().encode(text) })
  }
  return (
    <section class="panel" aria-labelledby="results">
      <h2 id="results">Results</h2>
      <div>
        <table aria-label="What was measured">
          <thead>
            <tr>
              <th scope="col">Quantity</th>
              {head.cells.map(cell => (
                <th scope="col" key={cell}>
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.map(({ label, cells }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {cells.map((cell, i) => (
                  <td key={head.cells[i]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="charts">
        {charts.map(chart => (
          <Chart key={chart.title} chart={chart} />
        ))}
      </div>
      <div class="row actions">
        <button type="button" onClick={json} aria-label="Download as json">
          .json
        </button>
      </div>
    </section>
  )
}
