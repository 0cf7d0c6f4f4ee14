'use client'
import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { useEffect, useRef } from 'react'
import { useSession } from '../session-context'
import { themeStore } from '../theme'
import { useWorkbench } from '../workbench-context'
import { createFileLinks } from './file-links'
import { createLineRunner, createShellRunner } from './runner'
import { createShell, type Screen } from './shell'
import { terminalThemes } from './terminal-theme'

/** xterm with our prompt. Import dynamically. */
export default function TerminalView() {
  const session = useSession()
  const workbench = useWorkbench()
  const container = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!container.current) return
    const { terminal, fit } = openTerminal(container.current)
    const screen: Screen = {
      write: (text) => terminal.write(text),
      clear: () => terminal.write('\x1b[2J\x1b[3J\x1b[H'),
      size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    }
    const openPlace = (path: string, line: number, column = 1) =>
      workbench.openFile(path, { keep: true, place: { line, column } })
    const runner =
      session.runtime.state.getState().kind === 'embedded'
        ? createShellRunner(session, screen, ({ open, line }) =>
            openPlace(open.replace('/home/project/', ''), line ?? 1),
          )
        : createLineRunner(session, screen)
    const shell = createShell(session, screen, runner)
    const links = terminal.registerLinkProvider(
      createFileLinks(terminal, {
        cwd: () => runner.place().cwd,
        has: (path) => session.workspace.files.has(path),
        open: ({ path, line, column }) => openPlace(path, line, column),
      }),
    )
    const typing = terminal.onData((data) => shell.input(data))
    const resizing = terminal.onResize(() => shell.resized())
    const observer = new ResizeObserver(fit)
    observer.observe(container.current)
    const unsubscribe = themeStore.subscribe(({ theme }) => {
      terminal.options.theme = terminalThemes[theme]
    })
    return () => {
      unsubscribe()
      observer.disconnect()
      links.dispose()
      typing.dispose()
      resizing.dispose()
      shell.dispose()
      terminal.dispose()
    }
  }, [session, workbench])

  // The fit counts the inner box only, so the padding is around it.
  return (
    <div data-terminal className="h-full overflow-hidden bg-bg py-1.5 pl-3.5">
      <div ref={container} className="h-full" />
    </div>
  )
}

function openTerminal(element: HTMLElement) {
  const terminal = new Terminal({
    allowTransparency: false,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    cursorStyle: 'bar',
    cursorWidth: 2,
    fontFamily: '"JetBrains Mono Variable", ui-monospace, Menlo, monospace',
    fontSize: 13,
    lineHeight: 1.35,
    minimumContrastRatio: 4.5,
    scrollback: 5000,
    theme: terminalThemes[themeStore.getState().theme],
  })
  const fitAddon = new FitAddon()
  terminal.loadAddon(fitAddon)
  // The filter drops it already; a program must never reach the clipboard, so it is refused here too.
  terminal.parser.registerOscHandler(52, () => true)
  terminal.attachCustomKeyEventHandler((event) => {
    // Shift+Tab leaves the terminal, so that the keyboard is not trapped in it.
    if (event.key === 'Tab' && event.shiftKey) return false
    // Ctrl+C copies a selection and interrupts otherwise.
    return !(event.key === 'c' && (event.ctrlKey || event.metaKey) && terminal.hasSelection())
  })
  terminal.open(element)
  terminal.textarea?.setAttribute('aria-label', 'Terminal. Shift+Tab leaves it.')
  const fit = () => {
    if (element.offsetWidth > 0 && element.offsetHeight > 0) fitAddon.fit()
  }
  fit()
  return { terminal, fit }
}
