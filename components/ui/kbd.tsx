import clsx from 'clsx'

/** A key combination, written `Ctrl+Shift+P`. */
export function Kbd({ keys, inverted = false }: { keys: string; inverted?: boolean }) {
  return (
    <kbd
      className={clsx('inline-flex gap-0.5 font-sans text-[11px] leading-4', inverted ? 'opacity-75' : 'text-muted')}
    >
      {keys.split(/\+(?=.)/).map((key) => (
        <span
          key={key}
          className={clsx(
            'min-w-4 rounded-sm px-1 text-center',
            inverted ? 'bg-bg/15' : 'border border-line bg-raised',
          )}
        >
          {key}
        </span>
      ))}
    </kbd>
  )
}
