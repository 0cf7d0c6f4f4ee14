import clsx from 'clsx'
import { memo } from 'react'
import { ScrollBox } from '../../agent/scroll-box'
import { VisibleText } from '../../agent/text/visible-text'
import type { DiffRow } from './diff-rows'

const signs: Record<DiffRow['kind'], string> = { file: '', hunk: '', gap: '', add: '+', remove: '−', context: ' ' }
const looks: Record<DiffRow['kind'], string> = {
  file: 'sticky left-0 border-line border-b bg-sunken px-3 py-1 font-sans text-muted not-first:border-t',
  hunk: 'px-3 text-muted',
  gap: 'border-line border-y border-dashed px-3 text-muted not-first:mt-1',
  add: 'bg-ok-surface text-text',
  remove: 'bg-bad-surface text-text',
  context: 'text-muted',
}

/** A unified diff as lines, with hidden characters made visible. Works at any width: long lines scroll. */
export const DiffLines = memo(function DiffLines({
  rows,
  label,
  fill = false,
}: {
  rows: readonly DiffRow[]
  label: string
  /** As high as its parent instead of as its lines, up to a limit. */
  fill?: boolean
}) {
  const numbered = rows.some((row) => row.before !== undefined || row.after !== undefined)
  return (
    <ScrollBox
      aria-label={label}
      className={clsx('overflow-auto bg-bg text-[12px] leading-[18px]', fill ? 'h-full' : 'max-h-96')}
    >
      <div className="w-max min-w-full font-mono">
        {rows.map((row, index) => (
          <Line key={index} row={row} numbered={numbered} />
        ))}
      </div>
    </ScrollBox>
  )
})

function Line({ row, numbered }: { row: DiffRow; numbered: boolean }) {
  const isChange = row.kind === 'add' || row.kind === 'remove'
  if (row.kind === 'file' || row.kind === 'hunk' || row.kind === 'gap') {
    return (
      <div className={looks[row.kind]}>{row.kind === 'gap' ? row.text : <VisibleText text={row.text || '⋯'} />}</div>
    )
  }
  return (
    <div className={clsx('flex', looks[row.kind])}>
      {numbered && (
        <span aria-hidden className="tabular w-10 shrink-0 select-none pr-2 text-right text-muted">
          {row.after ?? row.before}
        </span>
      )}
      <span
        className={clsx(
          'w-6 shrink-0 select-none text-center',
          row.kind === 'add' && 'text-ok-text',
          row.kind === 'remove' && 'text-bad-text',
        )}
      >
        <span aria-hidden>{signs[row.kind]}</span>
        {isChange && <span className="sr-only">{row.kind === 'add' ? 'added' : 'removed'}</span>}
      </span>
      <span className="whitespace-pre pr-4">
        <VisibleText text={row.text} />
      </span>
    </div>
  )
}
