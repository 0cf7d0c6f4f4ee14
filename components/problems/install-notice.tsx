'use client'
import { PackagePlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { messageOf } from '@/lib/base'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { useToast } from '../ui/toast'
import { useReason } from '../use-standing'
import { useStore } from '../use-store'
import { missingPackages } from './missing-packages'

const shownNames = 3
const names = new Intl.ListFormat('en-GB')

/** Most problems of a project that was just made are packages that nobody has installed yet. */
export function InstallNotice() {
  const session = useSession()
  const toast = useToast()
  const reason = useReason()
  const diagnostics = useStore(session.problems, (state) => state.diagnostics)
  const manifest = useStore(session.files, (state) => state.files.get('package.json'))
  const missing = useMemo(() => missingPackages(diagnostics, manifest), [diagnostics, manifest])
  const [isInstalling, setInstalling] = useState(false)
  if (missing.length === 0) return null

  async function install() {
    setInstalling(true)
    try {
      const { exitCode, stderr } = await session.runtime.run('npm install')
      const last =
        stderr
          .trim()
          .split('\n')
          .findLast((line) => line.startsWith('npm error')) ?? 'npm install failed.'
      if (exitCode !== 0) toast({ text: last.replace(/^npm error /, ''), tone: 'bad' })
    } catch (error) {
      toast({ text: messageOf(error), tone: 'bad' })
    } finally {
      setInstalling(false)
    }
  }

  const more = missing.length - shownNames
  const shown = [...missing.slice(0, shownNames), ...(more > 0 ? [`${more} more`] : [])]
  return (
    <div
      role="status"
      className="m-1.5 flex flex-wrap items-center gap-2 rounded-md border border-line bg-raised px-2.5 py-1.5"
    >
      <PackagePlus size={14} aria-hidden className="shrink-0 text-muted" />
      <p className="m-0 min-w-0 flex-1">
        {names.format(shown)} {missing.length === 1 ? 'is' : 'are'} not installed.
      </p>
      <Button
        size="sm"
        busy={isInstalling}
        disabled={reason !== undefined}
        title={reason}
        onClick={() => void install()}
      >
        {isInstalling ? 'Installing…' : 'Install packages'}
      </Button>
    </div>
  )
}
