/** How far the job is, what went wrong, and what should be known. */
import { left, news, progress, running, trouble } from '../work.ts'

export function Status() {
  return (
    <div class="status">
      <Course />
      {trouble.value && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
      <p class="news" role="status">
        {news.value}
      </p>
    </div>
  )
}

function Course() {
  if (!running.value) return null
  const { done = 0, total = 1, words = '' } = progress.value ?? {}
  const seconds = left.value
  return (
    <div class="course">
      <progress aria-label="Progress" value={done} max={total} />
      <span>
        {done} of {total}
        {words && ` · ${words}`}
        {seconds !== undefined && ` · ${Math.ceil(seconds)} s left`}
      </span>
    </div>
  )
}
