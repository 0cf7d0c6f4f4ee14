import * as z from 'zod'
import { plural } from '@/lib/base'
import { truncateOutput } from '../truncate'
import { describeDiagnostic } from '../verify/verify-text'
import { jsonTool } from './json-tool'
import { missingPath, toProjectPath } from './paths'

export const diagnostics = jsonTool({
  name: 'diagnostics',
  description: 'Lists TypeScript errors and warnings of the given files, or of the whole project.',
  arguments: z.object({ paths: z.array(z.string()).optional() }),
  parallel: true,
  describe: ({ paths = [] }) => ({ title: 'Check types', detail: paths.join(', ') || 'whole project' }),
  effect: () => null,
  async execute({ paths: wanted }, { workspace, sandbox, synced, signal }) {
    const paths = wanted?.map((path) => toProjectPath(path) ?? path)
    const missing = paths?.find((path) => !workspace.files.has(path))
    if (missing !== undefined) return { ok: false, output: missingPath(workspace.files, missing), summary: 'not found' }
    const machine = await sandbox()
    await synced()
    const found = await machine.check(paths, signal)
    const count = (severity: string) => found.filter((diagnostic) => diagnostic.severity === severity).length
    const summary = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`
    return {
      ok: count('error') === 0,
      output: truncateOutput([summary, ...found.map(describeDiagnostic)].join('\n')),
      summary,
    }
  },
})
