/**
 * Headers of every response, for `next.config.mjs`. The content security policy is made per request in `proxy.ts`.
 * List these before narrower ones (`/sandbox/…` needs its own policy): of two rules for one header the later wins.
 * @type {{ source: string, headers: Record<string, string> }[]}
 */
export const securityHeaders = [
  {
    source: '/:path*',
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()',
      'X-DNS-Prefetch-Control': 'off',
    },
  },
]
