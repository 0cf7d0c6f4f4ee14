import * as z from 'zod'
import { messageOf, plural } from '@/lib/base'
import type { PreviewReport } from '../preview-probe'
import { truncateOutput } from '../truncate'
import { jsonTool } from './json-tool'

const parts = ['console', 'errors', 'text'] as const

export const preview = jsonTool({
  name: 'preview',
  description:
    'Opens the preview of the project’s page or of the server on a port, and shows its console, its errors or its visible text. Without `what` all of them.',
  arguments: z.object({ port: z.number().int().min(1).max(65_535).optional(), what: z.enum(parts).optional() }),
  parallel: true,
  describe: ({ port, what }) => ({
    title: 'Look at the preview',
    detail: [port === undefined ? '' : `port ${port}`, what ?? ''].filter(Boolean).join(', '),
  }),
  // It runs the page in its own frame without network, as the preview beside the editor does.
  effect: () => null,
  async execute({ port, what }, { preview: probe, signal, synced }) {
    if (probe === null) return { ok: false, output: 'there is no preview here.', summary: 'no preview' }
    await synced()
    try {
      const report = await probe.look({
        ...(port !== undefined && { port }),
        text: what !== 'console' && what !== 'errors',
        signal,
      })
      return { ok: report.error === null, output: truncateOutput(describe(report, what)), summary: summaryOf(report) }
    } catch (error) {
      signal.throwIfAborted()
      return { ok: false, output: messageOf(error), summary: 'nothing to see' }
    }
  },
})

function describe(report: PreviewReport, what?: (typeof parts)[number]): string {
  const { url, title, console, text } = report
  const lines = what === 'errors' ? console.filter(({ level }) => level === 'error') : console
  return [
    `${url}${title === '' ? '' : ` “${title}”`}: ${summaryOf(report)}`,
    what === 'text' ? '' : describeError(report),
    what === 'text'
      ? ''
      : section(
          'console',
          lines.map(({ level, text: said, count }) => `[${level}]${count > 1 ? ` ×${count}` : ''} ${said}`),
        ),
    what === undefined || what === 'text' ? section('visible text', [text ?? '(the page did not answer)']) : '',
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function section(name: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${name}: empty` : `${name}:\n${lines.join('\n')}`
}

function describeError({ error }: PreviewReport): string {
  if (error === null) return ''
  const at = error.place === null ? '' : ` at ${error.place.path}:${error.place.line}`
  return `uncaught error${at}: ${error.message}`
}

function summaryOf({ error, console }: PreviewReport): string {
  const errors = console.filter(({ level }) => level === 'error').length
  return error !== null || errors > 0 ? plural(Math.max(errors, 1), 'error') : 'no errors'
}
