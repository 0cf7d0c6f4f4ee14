import { originHeaders } from '@/lib/sandbox/embedded/preview/origin/addresses'
import { originFile } from '@/lib/sandbox/embedded/preview/origin/serve'
import { isSandboxHost, previewOrigin } from '@/lib/server'

/** What starts the Service Worker of a preview, on the hosts of previews alone. Public: it holds nothing. */
export async function GET(request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const previews = previewOrigin()
  const isHere = previews && isSandboxHost(request.headers.get('host'), previews.origin)
  const file = isHere ? await originFile((await params).file, previews.ide) : null
  if (!isHere || file === null) return new Response('There is nothing here.', { status: 404 })
  return new Response(file.body, { headers: { 'content-type': file.type, ...originHeaders(previews.ide) } })
}
