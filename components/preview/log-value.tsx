'use client'
import type { LogValue } from '@/lib/sandbox/embedded/preview'

/** A logged value: text as it is, an object that can be opened. */
export function LogValueTree({ value, name }: { value: LogValue; name?: string }) {
  const label = name === undefined ? null : <span className="text-you-text">{name}: </span>
  if (typeof value === 'string') {
    return (
      <span className={name === undefined ? 'mr-2' : 'block pl-4'}>
        {label}
        {value}
      </span>
    )
  }
  return (
    <details className={name === undefined ? 'mr-2 inline-block align-top' : 'pl-4'}>
      <summary className="cursor-default select-none">
        {label}
        {value.text}
      </summary>
      {value.entries.map(([key, entry], index) => (
        <LogValueTree key={`${index}:${key}`} name={key} value={entry} />
      ))}
      {value.entries.length === 0 && <span className="block pl-4 text-muted">nothing to show</span>}
    </details>
  )
}
