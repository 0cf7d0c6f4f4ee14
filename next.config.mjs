import { sandboxHeaders } from './lib/sandbox/embedded/headers.mjs'
import { securityHeaders } from './lib/server/security-headers.mjs'

const toNextHeaders = ({ source, has, headers }) => ({
  source,
  has,
  headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
})

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Of two rules for one header the later wins: the sandbox's own come last.
  headers: async () => [...securityHeaders, ...sandboxHeaders].map(toNextHeaders),
}

export default config
