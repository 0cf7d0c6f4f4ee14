'use client'

import clsx from 'clsx'
import { ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useState } from 'react'
import { Disclosure } from '@/components/agent/disclosure'
import { useSession } from '@/components/session-context'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Select, type SelectOption } from '@/components/ui/select'
import { Spinner } from '@/components/ui/spinner'
import { useStore } from '@/components/use-store'
import { messageOf, plural } from '@/lib/base'
import type { CheckpointInfo } from '@/lib/session/types'
import { reviewHunks } from '@/lib/workspace'
import { type ComparedFile, compareFiles } from './compared-file'
import { HunkLines, useTokens } from './hunk/hunk-lines'
import { openReview, showCompare } from './open-review'

const MonacoDiff = dynamic(() => import('./monaco-diff'), { ssr: false })

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Two states of the project, checkpoints or the files as they are, file by file. */
export function CompareView({ isWide }: { isWide: boolean }) {
  const { checkpoints } = useSession()
  const list = useStore(checkpoints.state, (state) => state.list)
  const chosen = useStore(openReview, (state) => state.compare)
  const [wanted, to] = [holderOf(list, chosen.from), holderOf(list, chosen.to) ?? 'now']
  // The newest checkpoint is often the state of now, so comparing begins with the first.
  const from = list.some(({ id }) => id === wanted) ? wanted : (list[0]?.id ?? null)
  const { files, failure } = useComparison(from, to)
  if (from === null) {
    return (
      <EmptyState icon={<GitCompareArrows size={28} strokeWidth={1.25} />} title="No checkpoints yet">
        Each turn of the agent saves one. Then any two can be compared here.
      </EmptyState>
    )
  }
  const options = optionsOf(list)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-1 border-line border-b bg-panel px-2 py-1">
        <Select
          quiet
          label="From"
          value={from}
          options={options.filter(({ value }) => value !== 'now')}
          onChange={(id) => showCompare(id, to)}
          className="min-w-0 max-w-full text-text!"
        />
        <IconButton label="Swap the sides" size="sm" disabled={to === 'now'} onClick={() => showCompare(to, from)}>
          <ArrowLeftRight size={13} aria-hidden />
        </IconButton>
        <Select
          quiet
          label="To"
          value={to}
          options={options}
          onChange={(id) => showCompare(from, id)}
          className="min-w-0 max-w-full text-text!"
        />
      </div>
      {failure !== null && (
        <p role="alert" className="m-3 text-bad-text">
          These cannot be compared: {failure}
        </p>
      )}
      {failure === null && files === null && (
        <div className="p-6 text-center text-muted">
          <Spinner label="Comparing" />
        </div>
      )}
      {files !== null && files.length === 0 && (
        <EmptyState icon={<GitCompareArrows size={28} strokeWidth={1.25} />} title="No difference">
          Both states have the same files with the same content.
        </EmptyState>
      )}
      {files !== null && files.length > 0 && (isWide ? <SideBySide files={files} /> : <Stacked files={files} />)}
    </div>
  )
}

function SideBySide({ files }: { files: readonly ComparedFile[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const file = files.find(({ path }) => path === chosen) ?? files[0]
  return (
    <div className="flex min-h-0 flex-1">
      <nav aria-label="Changed files" className="w-60 shrink-0 overflow-y-auto border-line border-r bg-panel p-1.5">
        <Total files={files} />
        <ul className="m-0 list-none p-0">
          {files.map((each) => (
            <li key={each.path}>
              <button
                type="button"
                aria-current={each === file || undefined}
                title={each.path}
                onClick={() => setChosen(each.path)}
                className={clsx(
                  'flex min-h-7 w-full items-center gap-2 rounded-md px-2 py-0.5 text-left touch:min-h-11',
                  each === file ? 'bg-selected' : 'hover:bg-hover',
                )}
              >
                <PathAndCounts file={each} />
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0 flex-1">{file && <Difference key={file.path} file={file} />}</div>
    </div>
  )
}

function Stacked({ files }: { files: readonly ComparedFile[] }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="px-3 pt-2">
        <Total files={files} />
      </div>
      {files.map((file, index) => (
        <div key={file.path} className="border-line border-t px-3 py-1">
          <Disclosure initiallyOpen={index === 0} label={<PathAndCounts file={file} />}>
            <div className="-mx-3 mt-1 border-line border-t">{file.isBinary ? <Binary /> : <Lines file={file} />}</div>
          </Disclosure>
        </div>
      ))}
    </div>
  )
}

function Total({ files }: { files: readonly ComparedFile[] }) {
  const sum = (count: 'additions' | 'deletions') => files.reduce((total, file) => total + file[count], 0)
  return (
    <p className="tabular m-0 px-2 py-1 text-meta text-muted">
      {plural(files.length, 'file')} <span className="text-ok-text">+{sum('additions')}</span>{' '}
      <span className="text-bad-text">−{sum('deletions')}</span>
    </p>
  )
}

function PathAndCounts({ file: { path, kind, additions, deletions, isBinary } }: { file: ComparedFile }) {
  return (
    <span className="tabular flex min-w-0 flex-1 items-center gap-2 text-meta">
      <span className={clsx('min-w-0 flex-1 truncate text-text', kind === 'delete' && 'line-through')} dir="rtl">
        <bdi>{path}</bdi>
      </span>
      {kind !== 'update' && <span className="text-muted">{kind === 'add' ? 'new' : 'gone'}</span>}
      {isBinary ? (
        <span className="text-muted">binary</span>
      ) : (
        <span className="whitespace-nowrap">
          <span className="text-ok-text">+{additions}</span> <span className="text-bad-text">−{deletions}</span>
        </span>
      )}
    </span>
  )
}

/** Two sides where there are two. */
function Difference({ file }: { file: ComparedFile }) {
  if (file.isBinary) return <Binary />
  if (file.kind === 'update') return <MonacoDiff file={file} />
  return (
    <div className="h-full overflow-y-auto">
      <Lines file={file} />
    </div>
  )
}

function Lines({ file }: { file: ComparedFile }) {
  const tokens = useTokens(file)
  const hunks = useMemo(() => reviewHunks(file.before, file.after, file.after), [file])
  return hunks.map((hunk, index) => (
    <div key={hunk.id} className={clsx(index > 0 && 'border-line-strong border-t border-dashed')}>
      <HunkLines after={file.after} hunk={hunk} tokens={tokens} />
    </div>
  ))
}

function Binary() {
  return <p className="m-0 p-6 text-center text-muted">A binary file: there are no lines to compare.</p>
}

/** A step that changed no file is compared as the one that has its files. */
function holderOf(list: readonly CheckpointInfo[], wanted: string | null): string | null {
  return list.find(({ id }) => id === wanted)?.filesOf ?? wanted
}

/** Newest first. */
function optionsOf(list: readonly CheckpointInfo[]): SelectOption<string>[] {
  const checkpoints = list
    .filter(({ filesOf }) => filesOf === undefined)
    .toSorted((a, b) => b.at - a.at)
    .map(({ id, label, at }) => ({ value: id, label, hint: time.format(at) }))
  return [{ value: 'now', label: 'Now', hint: 'The files as they are' }, ...checkpoints]
}

/** Compares anew when a side is another, and with “now” whenever files change. */
function useComparison(from: string | null, to: string) {
  const { checkpoints, files } = useSession()
  const version = useStore(files, (state) => (to === 'now' ? state.version : 0))
  const [state, setState] = useState<{ key: string; files: readonly ComparedFile[] | null; failure: string | null }>({
    key: '',
    files: null,
    failure: null,
  })
  const key = `${from} ${to}`
  // The version says when “now” is another.
  useEffect(() => {
    if (from === null) return
    let isCurrent = true
    checkpoints.compare(from, to).then(
      (changes) => isCurrent && setState({ key, files: compareFiles(changes), failure: null }),
      (error: unknown) => isCurrent && setState({ key, files: null, failure: messageOf(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [checkpoints, from, to, key, version])
  return state.key === key ? state : { files: null, failure: null }
}
