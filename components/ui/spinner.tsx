import { LoaderCircle } from 'lucide-react'

/** Decorative: the text beside it, or `label`, says what is going on. */
export function Spinner({ size = 14, label }: { size?: number; label?: string }) {
  return (
    <span role={label ? 'status' : undefined} className="inline-flex items-center gap-2">
      <LoaderCircle size={size} aria-hidden className="animate-spin" />
      {label}
    </span>
  )
}
