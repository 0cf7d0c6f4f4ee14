import { sandboxHeaders } from './lib/sandbox/embedded/headers.mjs'

const toNextHeaders = ({ source, headers }) => ({
  source,
  headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
})

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  headers: async () => sandboxHeaders.map(toNextHeaders),
}

export default config
