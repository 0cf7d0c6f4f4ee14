import { findPreviewPage } from '@/lib/sandbox/embedded/preview/static/site-files'
import { devScript } from '@/lib/session/runtime/start-dev-server'
import type { FileMap } from '@/lib/workspace'

/** What opening the preview does, in the order of `LivePreview.open`; null when there is nothing to open. */
export function whatOpens(files: FileMap, ports: readonly number[]): string | null {
  if (ports[0] !== undefined) return `It shows the server on port ${ports[0]}.`
  const script = devScript(files)
  if (script !== null) return `It runs “npm run ${script}” and shows what that serves.`
  const page = findPreviewPage(files)
  return page === null ? null : `It shows ${page} and follows every edit.`
}
