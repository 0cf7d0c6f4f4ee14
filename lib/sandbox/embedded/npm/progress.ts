import type { MachineHost } from '../process/machine-host'

export interface Progress {
  show(text: string): void
  /** Counts to `total`; shown in percent. */
  step(done: number, total: number): void
  clear(): void
}

const intervalMs = 80
const barWidth = 20

/** One line that is drawn over in a terminal; nothing elsewhere. */
export function createProgress(host: Pick<MachineHost, 'terminal' | 'stderr'>): Progress {
  let shown = ''
  let drawnAt = Number.NEGATIVE_INFINITY
  const draw = (text: string) => {
    if (!host.terminal || performance.now() - drawnAt < intervalMs) return
    drawnAt = performance.now()
    const line = text.slice(0, Math.max(10, host.terminal.columns - 1))
    host.stderr(`\r${line}\x1b[K`)
    shown = line
  }
  return {
    show: draw,
    step(done, total) {
      const percent = Math.floor((100 * done) / Math.max(1, total))
      const text = `${percent}%  ${done} of ${total} packages`
      // In a narrow terminal the bar is short, so that the words are whole.
      const room = (host.terminal?.columns ?? 0) - 1 - `[] ${text}`.length
      const width = Math.max(0, Math.min(barWidth, room))
      const filled = Math.round((width * done) / Math.max(1, total))
      draw(`[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${text}`)
    },
    clear() {
      if (shown !== '') host.stderr('\r\x1b[K')
      shown = ''
      drawnAt = Number.NEGATIVE_INFINITY
    },
  }
}

export const silent: Progress = { show: () => undefined, step: () => undefined, clear: () => undefined }
