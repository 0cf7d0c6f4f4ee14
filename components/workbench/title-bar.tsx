'use client'
import { AppWindow, Ellipsis, FlaskConical, PanelBottom, PanelLeft, PanelRight, Search, Share2 } from 'lucide-react'
import Link from 'next/link'
import { isAvailable } from '../commands/command'
import { type CommandId, commandById } from '../commands/commands'
import { Logo } from '../logo'
import { chooseSandbox, chosenSandbox } from '../sandbox-choice'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { IconButton } from '../ui/icon-button'
import { Kbd } from '../ui/kbd'
import { Menu, type MenuEntry } from '../ui/menu'
import { keysOf, useCommandContext, useRunCommand } from '../use-commands'
import { useReason } from '../use-standing'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { ProjectName } from './project-name'

const moreCommands: readonly (CommandId | 'separator')[] = [
  'go.command',
  'go.search',
  'separator',
  'project.undo',
  'project.redo',
  'project.download',
  'separator',
  'view.theme',
  'run.restart',
  'project.home',
]

const sandboxes = [
  { kind: 'embedded', label: 'Embedded', hint: 'Built in. No network, works offline.' },
  { kind: 'webcontainer', label: 'WebContainer', hint: 'By another vendor. Can reach the network.' },
] as const

export function TitleBar({ narrow = false }: { narrow?: boolean }) {
  const session = useSession()
  const run = useRunCommand()
  const { shown } = useStore(useWorkbench().state, (state) => state)
  const running = useStore(session.tests, (state) => state.running)
  const reason = useReason()

  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-line border-b bg-panel pr-2 pl-2 touch:h-13">
      <div className="flex min-w-0 flex-1 items-center gap-1">
        <Link
          href="/"
          aria-label="Vitrine: all projects"
          className="inline-flex size-8 shrink-0 items-center justify-center rounded-md hover:bg-hover touch:size-11"
        >
          <Logo />
        </Link>
        <ProjectName />
      </div>
      {!narrow && (
        <button
          type="button"
          onClick={() => run('go.file')}
          className="flex h-7 w-[min(340px,28vw)] items-center gap-2 rounded-md border border-line bg-bg px-2.5 text-muted hover:border-line-strong"
        >
          <Search size={13} aria-hidden />
          <span className="flex-1 truncate text-left">Go to file or command</span>
          <Kbd keys={keysOf('go.file') ?? ''} />
        </button>
      )}
      <div className="flex min-w-0 flex-1 items-center justify-end gap-0.5">
        {narrow ? (
          <IconButton label="Run all tests" disabled={reason !== undefined || running} onClick={() => run('run.tests')}>
            <FlaskConical size={16} aria-hidden />
          </IconButton>
        ) : (
          <>
            <Button
              tone="quiet"
              busy={running}
              disabled={reason !== undefined}
              title={reason}
              onClick={() => run('run.tests')}
            >
              {!running && <FlaskConical size={14} aria-hidden />}
              Run tests
            </Button>
            <Toggle id="view.preview" label="Preview" pressed={shown.preview}>
              <AppWindow size={15} aria-hidden />
            </Toggle>
            <span aria-hidden className="mx-1 h-4 w-px bg-line" />
            <Toggle id="view.tree" label="Files" pressed={shown.side}>
              <PanelLeft size={15} aria-hidden />
            </Toggle>
            <Toggle id="view.panel" label="Panel" pressed={shown.panel}>
              <PanelBottom size={15} aria-hidden />
            </Toggle>
            <Toggle id="view.agent" label="Agent" pressed={shown.agent}>
              <PanelRight size={15} aria-hidden />
            </Toggle>
            <span aria-hidden className="mx-1 h-4 w-px bg-line" />
          </>
        )}
        <MoreMenu />
        {narrow ? (
          <IconButton label="Share" onClick={() => run('project.share')}>
            <Share2 size={16} aria-hidden />
          </IconButton>
        ) : (
          <Button className="ml-1" onClick={() => run('project.share')}>
            <Share2 size={13} aria-hidden />
            Share
          </Button>
        )}
      </div>
    </header>
  )
}

function Toggle({
  id,
  label,
  pressed,
  children,
}: {
  id: CommandId
  label: string
  pressed: boolean
  children: React.ReactNode
}) {
  const run = useRunCommand()
  return (
    <IconButton
      label={label}
      keys={keysOf(id)}
      pressed={pressed}
      onClick={() => run(id)}
      className="aria-pressed:bg-transparent"
    >
      {children}
    </IconButton>
  )
}

function MoreMenu() {
  const context = useCommandContext()
  const { kind } = useStore(context.session.runtime.state, (state) => state)
  const commandEntries = moreCommands.map((id): MenuEntry => {
    if (id === 'separator') return id
    const command = commandById(id)
    return {
      label: command.title,
      keys: keysOf(id),
      disabled: !isAvailable(command, context),
      onSelect: () => void command.run(context),
    }
  })
  const entries: MenuEntry[] = [
    ...commandEntries,
    'separator',
    { heading: 'Sandbox of this browser' },
    ...sandboxes.map(({ kind: each, label, hint }) => ({
      label,
      hint,
      checked: each === kind,
      onSelect: () => each !== chosenSandbox() && chooseSandbox(each),
    })),
  ]
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={
        <button
          type="button"
          aria-label="More"
          className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text data-[state=open]:bg-selected touch:size-11"
        >
          <Ellipsis size={16} aria-hidden />
        </button>
      }
    />
  )
}
