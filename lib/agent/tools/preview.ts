import * as z from 'zod'
import { messageOf, plural } from '@/lib/base'
import { maskSecrets } from '@/lib/safety'
import type { ToolResult } from '../events'
import { truncateOutput } from '../truncate'
import { jsonTool } from './json-tool'
import type { PreviewReport } from './preview-probe'

const parts = ['console', 'errors', 'text', 'screenshot'] as const
type Part = (typeof parts)[number]

export const preview = jsonTool({
  name: 'preview',
  description:
    'Opens the preview of the project’s page or of the server on a port, and shows its console, its errors, its visible text or a screenshot of it. Without `what` all but the screenshot.',
  arguments: z.object({ port: z.number().int().min(1).max(65_535).optional(), what: z.enum(parts).optional() }),
  parallel: true,
  repeatable: true,
  describe: ({ port, what }) => ({
    title: 'Look at the preview',
    detail: [port === undefined ? '' : `port ${port}`, what ?? ''].filter(Boolean).join(', '),
  }),
  // It runs the page in its own frame without network, as the preview beside the editor does.
  effect: () => null,
  async execute({ port, what }, { preview: probe, images, signal, synced }) {
    if (probe === null) return { ok: false, output: 'there is no preview here.', summary: 'no preview' }
    await synced()
    try {
      const report = await probe.look({
        ...(port !== undefined && { port }),
        text: what !== 'console' && what !== 'errors',
        picture: what === 'screenshot' && images,
        signal,
      })
      if (what === 'screenshot') return screenshot(report, images)
      return { ok: report.error === null, output: truncateOutput(describe(report, what)), summary: summaryOf(report) }
    } catch (error) {
      signal.throwIfAborted()
      return { ok: false, output: messageOf(error), summary: 'nothing to see' }
    }
  },
})

/** The picture, or why there is none; then the text, which every model can read, says what there is to see. */
function screenshot(report: PreviewReport, images: boolean): ToolResult {
  const { picture, text } = report
  const instead = (why: string, ok = false): ToolResult => {
    const output = [head(report), describeError(report), why, visibleText(report)].filter(Boolean).join('\n')
    return { ok, output: truncateOutput(output), summary: ok ? summaryOf(report) : 'no picture' }
  }
  if (!images) return instead('no picture: this model does not see pictures. Its text instead:', true)
  if (picture === undefined || 'problem' in picture) return instead(picture?.problem ?? 'no picture was taken.')
  // Nobody can mask a picture, nor look for orders in it: what its words say has to be known.
  if (text === null) return instead('no picture: the page did not tell its text.')
  if (maskSecrets(text) !== text) return instead('no picture: the page shows what looks like a key or a password.')
  const { width, height, shown, page, isCut, dataUrl } = picture
  const size = `screenshot, ${width}×${height} pixels, of ${shown.width}×${shown.height} of the page’s ${page.width}×${page.height} (where it is scrolled to, downwards)`
  const cut = isCut ? 'The page has very many elements: not all of them were drawn.' : ''
  return {
    ok: report.error === null,
    output: [head(report), describeError(report), size, cut].filter(Boolean).join('\n'),
    summary: `${width}×${height}, ${summaryOf(report)}`,
    image: dataUrl,
    shows: text,
  }
}

function head(report: PreviewReport): string {
  const { url, title } = report
  return `${url}${title === '' ? '' : ` “${title}”`}: ${summaryOf(report)}`
}

function visibleText({ text }: PreviewReport): string {
  return section('visible text', [text ?? '(the page did not answer)'])
}

function describe(report: PreviewReport, what?: Part): string {
  const { console } = report
  const lines = what === 'errors' ? console.filter(({ level }) => level === 'error') : console
  return [
    head(report),
    what === 'text' ? '' : describeError(report),
    what === 'text'
      ? ''
      : section(
          'console',
          lines.map(({ level, text: said, count }) => `[${level}]${count > 1 ? ` ×${count}` : ''} ${said}`),
        ),
    what === undefined || what === 'text' ? visibleText(report) : '',
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
