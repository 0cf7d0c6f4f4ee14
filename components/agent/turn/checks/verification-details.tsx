import type { Verification } from '@/lib/agent'
import { Place } from '../place'

/** Type errors, findings of the code scan, and what was left out and why. */
export function VerificationDetails({ verification }: { verification: Verification }) {
  const places = [
    ...(verification.types?.errors ?? []).map((error) => ({ ...error, note: error.code })),
    ...(verification.findings ?? []).map((finding) => ({ ...finding, note: finding.rule })),
  ]
  if (places.length + verification.notChecked.length === 0) return null
  return (
    <ul className="m-0 flex list-none flex-col gap-1.5 border-line border-t px-3 py-2 text-meta">
      {places.map((place) => (
        <li key={`${place.path}:${place.line}:${place.column}:${place.note}`} className="break-words">
          <Place file={place.path} line={place.line} column={place.column} /> {place.message}{' '}
          <span className="text-muted">{place.note}</span>
        </li>
      ))}
      {verification.notChecked.map(({ what, why }) => (
        <li key={what} className="text-warn-text">
          Not checked, {what}: {why}
        </li>
      ))}
    </ul>
  )
}
