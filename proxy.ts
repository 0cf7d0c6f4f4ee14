import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy } from '@/lib/server/content-security-policy'

/**
 * Gives every page its own content security policy. Authorisation never happens here:
 * route handlers do that themselves (`lib/server/handle.ts`), since this layer can be skipped.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
  const policy = contentSecurityPolicy({
    nonce,
    development: process.env.NODE_ENV === 'development',
    webContainer: request.nextUrl.searchParams.get('sandbox') === 'webcontainer',
  })
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  // Next reads the nonce for its own scripts from the policy of the request.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

// No request is left out by its headers: a page that was fetched ahead needs its policy as well.
export const config = { matcher: ['/((?!api/|_next/static|_next/image|sandbox/).*)'] }
