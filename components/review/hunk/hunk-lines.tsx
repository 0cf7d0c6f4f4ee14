'use client'

import { memo, useEffect, useMemo, useState } from 'react'
import { ScrollBox } from '@/components/agent/scroll-box'
import { VisibleText } from '@/components/agent/text/visible-text'
import { Button } from '@/components/ui/button'
import { plural } from '@/lib/base'
import type { ReviewHunk } from '@/lib/workspace'
import type { TwoSides } from '../monaco-diff'
import { type CodeToken, codeSpans, type Mark, wordMarks } from './code-spans'

const contextLines = 3
/** More are shown on request. */
const maxRows = 120

interface Row {
  kind: 'add' | 'remove' | 'same'
  text: string
  /** 1-based: of the file as it is, and of a removed line where it was. */
  line: number
  marks: readonly Mark[]
}

export interface FileTokens {
  before: readonly CodeToken[][]
  after: readonly CodeToken[][]
}

/** The colours of both sides, once Monaco is there; until then text is plain. */
export function useTokens({ path, before, after }: TwoSides): FileTokens | null {
  const [tokens, setTokens] = useState<FileTokens | null>(null)
  useEffect(() => {
    let isCurrent = true
    const load = async () => {
      const { tokenize } = await import('./tokenize')
      const sides = await Promise.all([tokenize(path, before), tokenize(path, after)])
      if (isCurrent) setTokens({ before: sides[0], after: sides[1] })
    }
    // Without colours everything can still be read.
    load().catch(() => isCurrent && setTokens(null))
    return () => {
      isCurrent = false
    }
  }, [path, before, after])
  return tokens
}

/** A change with the lines around it. Long lines scroll; hidden characters stand out. */
export const HunkLines = memo(function HunkLines({
  after,
  hunk,
  tokens,
}: {
  after: string
  hunk: ReviewHunk
  tokens: FileTokens | null
}) {
  const [isWhole, setWhole] = useState(false)
  const rows = useMemo(() => rowsOf(after, hunk), [after, hunk])
  const shown = isWhole ? rows : rows.slice(0, maxRows)
  return (
    <ScrollBox
      aria-label="Lines of the change"
      className="review-code overflow-x-auto bg-bg py-1 font-mono text-[12px] text-text leading-[19px] focus-visible:-outline-offset-2"
    >
      <div className="w-max min-w-full">
        {shown.map((row, index) => (
          <Line key={index} row={row} tokens={tokensOf(row, tokens)} />
        ))}
      </div>
      {shown.length < rows.length && (
        <Button tone="quiet" size="sm" className="sticky left-2 my-1" onClick={() => setWhole(true)}>
          Show {plural(rows.length - shown.length, 'more line')}
        </Button>
      )}
    </ScrollBox>
  )
})

const signs = { add: '+', remove: '−', same: '' }
const spoken = { add: 'added', remove: 'removed', same: null }

const Line = memo(function Line({ row, tokens }: { row: Row; tokens: readonly CodeToken[] }) {
  return (
    <div className="flex" data-row={row.kind}>
      <span aria-hidden className="tabular w-11 shrink-0 select-none pr-2 text-right text-[11px] text-muted">
        {row.line}
      </span>
      <span
        className={
          row.kind === 'add'
            ? 'w-5 shrink-0 select-none text-center text-ok-text'
            : 'w-5 shrink-0 select-none text-center text-bad-text'
        }
      >
        <span aria-hidden>{signs[row.kind]}</span>
        {spoken[row.kind] && <span className="sr-only">{spoken[row.kind]}</span>}
      </span>
      <span className="whitespace-pre pr-4">
        {codeSpans(row.text, tokens, row.marks).map(({ text, kind, marked }, index) => (
          <span key={index} data-kind={kind || undefined} data-marked={marked || undefined}>
            <VisibleText text={text} />
          </span>
        ))}
      </span>
    </div>
  )
})

function tokensOf({ kind, line }: Row, tokens: FileTokens | null): readonly CodeToken[] {
  return (kind === 'remove' ? tokens?.before : tokens?.after)?.[line - 1] ?? []
}

function rowsOf(after: string, hunk: ReviewHunk): Row[] {
  const lines = after === '' ? [] : after.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const removed = hunk.removed.map(withoutEnd)
  const added = hunk.added.map(withoutEnd)
  const marks = wordMarks(removed, added)
  const around = (start: number, end: number): Row[] =>
    lines.slice(start, end).map((text, index) => ({ kind: 'same', text, line: start + index + 1, marks: [] }))
  return [
    ...around(Math.max(0, hunk.afterStart - contextLines), hunk.afterStart),
    ...removed.map(
      (text, index): Row => ({
        kind: 'remove',
        text,
        line: hunk.beforeStart + index + 1,
        marks: marks.removed[index] ?? [],
      }),
    ),
    ...added.map(
      (text, index): Row => ({
        kind: 'add',
        text,
        line: hunk.afterStart + index + 1,
        marks: marks.added[index] ?? [],
      }),
    ),
    ...around(hunk.afterEnd, hunk.afterEnd + contextLines),
  ]
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '')
}
