import { toBase64 } from '@/lib/base'

/** Strongest first. SHA-1 is what the oldest packages have. */
const algorithms = [
  ['sha512', 'SHA-512'],
  ['sha384', 'SHA-384'],
  ['sha256', 'SHA-256'],
  ['sha1', 'SHA-1'],
] as const

/** `sha512-…` as in lock files and metadata, possibly several; the digests of the strongest kind among them. */
function strongest(integrity: string): { algorithm: string; digests: string[] } | null {
  const entries = integrity.trim().split(/\s+/)
  for (const [prefix, algorithm] of algorithms) {
    const digests = entries
      .filter((entry) => entry.startsWith(`${prefix}-`))
      .map((entry) => entry.slice(prefix.length + 1).replace(/\?.*$/, ''))
    if (digests.length > 0) return { algorithm, digests }
  }
  return null
}

export function isIntegrity(text: unknown): text is string {
  return typeof text === 'string' && text.length < 1000 && strongest(text) !== null
}

/** Needs WebCrypto, which pages on https and localhost have and the sandbox’s Workers have not. */
export async function hasIntegrity(data: Uint8Array<ArrayBuffer>, integrity: string): Promise<boolean> {
  const wanted = strongest(integrity)
  if (!wanted) return false
  if (!crypto.subtle) {
    throw new Error('Packages can be verified on https and localhost only; open the IDE there to install them.')
  }
  const digest = new Uint8Array(await crypto.subtle.digest(wanted.algorithm, data))
  return wanted.digests.includes(toBase64(digest))
}

/** The SHA-1 in hexadecimal that old metadata has, in the common notation. */
export function integrityOfShasum(shasum: string): string {
  const bytes = Uint8Array.from(shasum.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16))
  return `sha1-${toBase64(bytes)}`
}
