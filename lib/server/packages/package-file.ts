import 'server-only'
import { parseRegistryPath, type RegistryPath, VitrineError } from '@/lib/base'
import type { RouteContext } from '../handle'
import { toStream } from '../to-stream'
import { askRegistry } from './registry'

const route = '/api/packages/'

/**
 * Metadata or a tarball of the operator's registry, streamed. Nothing of the client's request travels but the path; nothing
 * of the registry's answer but its body and its date. `?full` asks for metadata with publishing times, which are left out
 * of the short form.
 */
export async function packageFile({ request, settings }: RouteContext): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const path = parseRegistryPath(pathname.slice(route.length).replace(/^%40/, '@'))
  if (!pathname.startsWith(route) || !path) {
    throw new VitrineError('not_found', 'This is neither a package’s metadata nor one of its tarballs.')
  }
  const form = path.kind === 'tarball' ? 'tarball' : searchParams.has('full') ? 'full' : 'short'
  const { lastModified = '', chunks } = await askRegistry(settings, path, form, request.signal)
  return new Response(toStream(chunks), { headers: headersOf(path, lastModified) })
}

function headersOf(path: RegistryPath, lastModified: string): Headers {
  const type = path.kind === 'metadata' ? 'application/json' : 'application/octet-stream'
  const headers = new Headers({ 'content-type': type })
  const modified = Date.parse(lastModified)
  if (Number.isFinite(modified)) headers.set('last-modified', new Date(modified).toUTCString())
  return headers
}
