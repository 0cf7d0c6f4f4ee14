/** A vitrine seen from above: a V of light behind a pane of glass. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path
        d="M6.5 4.5 12 15l5.5-10.5"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M2.5 3v14" stroke="var(--ok)" strokeWidth="1.9" strokeLinecap="round" />
    </svg>
  )
}
