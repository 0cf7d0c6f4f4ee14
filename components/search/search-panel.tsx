'use client'
import { CaseSensitive, Regex, Search, WholeWord, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { plural } from '@/lib/base'
import { useSession } from '../session-context'
import { FileIcon } from '../tree/file-icon'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { Input } from '../ui/input'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { ReplaceRow } from './replace-row'
import { maxMatches, type SearchMatch, type SearchOptions, searchFiles, searchPattern } from './search-files'

type Found = readonly { path: string; matches: SearchMatch[] }[]
const typingPauseMs = 120

/** Search and replace in files: found as you type, grouped by file. */
export function SearchPanel() {
  const session = useSession()
  const workbench = useWorkbench()
  const files = useStore(session.files, (state) => state.files)
  const [query, setQuery] = useState('')
  const [options, setOptions] = useState<SearchOptions>({ matchCase: false, wholeWord: false, regex: false })
  const [found, setFound] = useState<Found>([])
  const input = useRef<HTMLInputElement>(null)

  const { pattern, problem } = useMemo(() => {
    const read = query === '' ? null : searchPattern(query, options)
    return read instanceof RegExp ? { pattern: read, problem: null } : { pattern: null, problem: read?.problem ?? null }
  }, [query, options])

  useEffect(() => input.current?.focus(), [])
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      const collected: { path: string; matches: SearchMatch[] }[] = []
      if (pattern !== null) for await (const file of searchFiles(files, pattern, abort.signal)) collected.push(file)
      if (!abort.signal.aborted) setFound(collected)
    }, typingPauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [pattern, files])

  const toggle = (key: keyof SearchOptions) => setOptions({ ...options, [key]: !options[key] })
  const total = found.reduce((sum, { matches }) => sum + matches.length, 0)
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-9 shrink-0 items-center pr-1.5 pl-3.5">
        <h2 className="m-0 flex-1 font-medium text-meta text-muted">Search</h2>
        <IconButton label="Back to the files" size="sm" onClick={() => workbench.showSide('files')}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      <div className="px-2">
        <Input
          ref={input}
          type="search"
          aria-label="Search in files"
          aria-invalid={problem !== null}
          placeholder="Search in files"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && query === '' && workbench.showSide('files')}
        />
        <ReplaceRow pattern={pattern} expands={options.regex} />
        <div className="mt-1 flex items-center gap-0.5">
          <IconButton label="Match case" size="sm" pressed={options.matchCase} onClick={() => toggle('matchCase')}>
            <CaseSensitive size={15} aria-hidden />
          </IconButton>
          <IconButton label="Whole word" size="sm" pressed={options.wholeWord} onClick={() => toggle('wholeWord')}>
            <WholeWord size={15} aria-hidden />
          </IconButton>
          <IconButton label="Regular expression" size="sm" pressed={options.regex} onClick={() => toggle('regex')}>
            <Regex size={14} aria-hidden />
          </IconButton>
          <p role="status" className="tabular m-0 ml-auto text-meta text-muted">
            {problem ??
              (query !== '' &&
                (total === 0
                  ? 'No matches'
                  : `${total >= maxMatches ? 'First ' : ''}${plural(total, 'match', 'matches')} in ${plural(found.length, 'file')}`))}
          </p>
        </div>
      </div>
      <div className="mt-1 min-h-0 flex-1 overflow-y-auto px-1.5 pb-4">
        {query === '' && (
          <EmptyState icon={<Search size={22} strokeWidth={1.25} />} title="Search the whole project">
            Type above; results come as you type.
          </EmptyState>
        )}
        {found.map(({ path, matches }) => (
          <section key={path} aria-label={path}>
            <h3 className="m-0 flex h-7 items-center gap-1.5 px-1.5 font-medium text-ui">
              <FileIcon path={path} />
              <span className="truncate">{path}</span>
              <span className="tabular ml-auto font-normal text-meta text-muted">{matches.length}</span>
            </h3>
            {matches.map((match) => (
              <button
                key={`${match.line}:${match.column}`}
                type="button"
                onClick={() => workbench.openFile(path, { place: { line: match.line, column: match.column } })}
                className="flex h-6 w-full items-center gap-2 rounded-md pr-2 pl-7 text-left hover:bg-hover touch:h-11"
              >
                <span className="min-w-0 flex-1 truncate font-mono text-[12px] text-muted">
                  {shortened(match.before)}
                  <mark className="rounded-sm bg-you-surface text-you-text">{match.match}</mark>
                  {match.after}
                </span>
                <span className="tabular text-meta text-muted">{match.line}</span>
              </button>
            ))}
          </section>
        ))}
      </div>
    </div>
  )
}

const shownBefore = 9

/** The end of what stands before a match, so that the match itself is in sight. */
function shortened(before: string): string {
  return before.length > shownBefore ? `…${before.slice(2 - shownBefore)}` : before
}
