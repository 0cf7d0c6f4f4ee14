import { type NextRequest, NextResponse } from 'next/server'
import { astrayPage, originHeaders, ownPath } from '@/lib/sandbox/embedded/preview/origin/addresses'
import { contentSecurityPolicy } from '@/lib/server/content-security-policy'
import { isSandboxHost, previewOrigin } from '@/lib/server/sandbox-host'

/**
 * Gives every page its own content security policy, and keeps the hosts of previews apart. Authorisation never happens
 * here: route handlers do that themselves (`lib/server/handle.ts`), since this layer can be skipped.
 */
export function proxy(request: NextRequest): NextResponse {
  const host = request.headers.get('host') ?? ''
  const previews = previewOrigin()
  if (previews && isSandboxHost(host, previews.origin)) return ofPreview(request, previews.ide)
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
  const policy = contentSecurityPolicy({
    nonce,
    development: process.env.NODE_ENV === 'development',
    webContainer: request.nextUrl.searchParams.get('sandbox') === 'webcontainer',
    ...(previews && { previews: { origin: previews.origin, host } }),
  })
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  // Next reads the nonce for its own scripts from the policy of the request.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** The Service Worker answers there; without it there is nothing but what starts it. */
function ofPreview(request: NextRequest, ide: string): NextResponse {
  const isOurs = request.nextUrl.pathname.startsWith(ownPath)
  if (!isOurs) {
    const { body, headers } = astrayPage(ide)
    return new NextResponse(body, { status: 404, headers })
  }
  const response = NextResponse.next()
  for (const [name, value] of Object.entries(originHeaders(ide))) response.headers.set(name, value)
  return response
}

// No request is left out by its headers: a page that was fetched ahead needs its policy as well.
export const config = {
  matcher: [
    '/((?!api/|_next/static|_next/image|sandbox/).*)',
    { source: '/:path*', has: [{ type: 'host', value: 'v[0-9a-f]{32}(-\\d{1,5})?\\..+' }] },
  ],
}
