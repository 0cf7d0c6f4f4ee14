import { isolationHeaders, sandboxHeaders, webKitAgent } from './lib/sandbox/embedded/headers.mjs'
import { malformedAddresses } from './lib/server/malformed-addresses.mjs'
import { securityHeaders } from './lib/server/security-headers.mjs'

const toNextHeaders = ({ source, has, missing, headers }) => ({
  source,
  has,
  missing,
  headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
})

const isolation = [
  // Scripts keep the policy for every browser: caches on the way do not tell browsers apart.
  { source: '/_next/static/:path*', headers: isolationHeaders },
  { source: '/sandbox/:script.js', headers: isolationHeaders },
  {
    source: '/:path*',
    missing: [{ type: 'header', key: 'user-agent', value: webKitAgent }],
    headers: isolationHeaders,
  },
]

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Of two rules for one header the later wins: the sandbox's own come last.
  headers: async () => [...securityHeaders, ...isolation, ...sandboxHeaders].map(toNextHeaders),
  rewrites: async () => ({ beforeFiles: malformedAddresses }),
}

export default config
