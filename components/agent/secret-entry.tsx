'use client'

/** Without https a key or token would travel readable to all who are on the way. */
export function isReadableOnItsWay(): boolean {
  return typeof window !== 'undefined' && !window.isSecureContext
}

export function ReadableOnItsWay({ what }: { what: 'key' | 'token' }) {
  if (!isReadableOnItsWay()) return null
  return (
    <p role="alert" className="m-0 text-warn-text">
      This page is not on https, so a {what} could be read on its way. Open Vitrine by https first.
    </p>
  )
}

export function KeepInTab({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-start gap-2 text-meta touch:min-h-11">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
        className="mt-px accent-you-solid"
      />
      <span>
        Keep it until I close this tab
        <span className="block text-muted">Otherwise it is in memory alone, and a reload forgets it.</span>
      </span>
    </label>
  )
}
