'use client'
import { useState } from 'react'
import { plural } from '@/lib/base'
import { keysLabel, matchesKeys } from '../keys'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { Input } from '../ui/input'
import { useToast } from '../ui/toast'
import { useReason } from '../use-standing'
import { replaceInFiles } from './replace-in-text'

const replaceKeys = 'Mod+Enter'

interface ReplaceRowProps {
  /** Null while the query is none. */
  pattern: RegExp | null
  /** Whether `$1` stands for a group. */
  expands: boolean
}

/** Replaces all that was found, in one change that can be taken back. */
export function ReplaceRow({ pattern, expands }: ReplaceRowProps) {
  const session = useSession()
  const toast = useToast()
  const reason = useReason()
  const [replacement, setReplacement] = useState('')
  const isIdle = pattern === null || reason !== undefined

  function replaceAll() {
    if (pattern === null || isIdle) return
    const { count, changes } = replaceInFiles(session.workspace.files, pattern, { replacement, expands })
    if (count === 0) return toast({ text: 'No matches: nothing was replaced.' })
    if (changes.length === 0) return toast({ text: 'Every match is already what it would become.' })
    session.workspace.apply(
      changes.map(({ path, after }) => ({ path, after })),
      { origin: 'user', label: `Replace in ${plural(changes.length, 'file')}` },
    )
    toast({
      text: `${plural(count, 'match', 'matches')} replaced in ${plural(changes.length, 'file')}.`,
      action: {
        label: 'Undo',
        run() {
          // What was edited since stays as it is.
          const untouched = changes.filter(({ path, after }) => session.workspace.files.get(path) === after)
          session.workspace.apply(
            untouched.map(({ path, before }) => ({ path, after: before })),
            { origin: 'undo', label: 'Undo the replacement' },
          )
        },
      },
    })
  }

  return (
    <div className="mt-1 flex items-center gap-1">
      <Input
        aria-label="Replace with"
        placeholder="Replace with"
        value={replacement}
        onChange={(event) => setReplacement(event.target.value)}
        onKeyDown={(event) => matchesKeys(event.nativeEvent, replaceKeys) && replaceAll()}
      />
      <Button disabled={isIdle} title={reason ?? keysLabel(replaceKeys)} onClick={replaceAll}>
        Replace all
      </Button>
    </div>
  )
}
