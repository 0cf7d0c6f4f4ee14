import type { ComponentProps } from 'react'

/** A scrolling region that the keyboard can reach in every browser; `aria-label` says what it holds. */
export function ScrollBox({ children, ...rest }: ComponentProps<'div'> & { 'aria-label': string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, this groups text
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      {...rest}
    >
      {children}
    </div>
  )
}
