/** A labelled text field of a form. */
interface FieldProps {
  readonly label: string
  readonly value: string | number | undefined
  readonly placeholder?: string
  readonly hint?: string
  readonly mode?: 'numeric' | 'decimal' | 'text'
  put(value: string): void
}

export function Field({ label, value, placeholder, hint, mode = 'numeric', put }: FieldProps) {
  return (
    <label>
      {label}
      <input
        type="text"
        inputMode={mode}
        placeholder={placeholder}
        title={hint}
        value={value ?? ''}
        onInput={event => put(event.currentTarget.value)}
      />
    </label>
  )
}
