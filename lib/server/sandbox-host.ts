import { readEnv } from './env'

/** Whether a host is one of those that previews have for themselves; nothing of the IDE answers there. */
export function isSandboxHost(host: string | null, sandboxOrigin: string | null): boolean {
  if (sandboxOrigin === null) return false
  return host?.toLowerCase().endsWith(`.${new URL(sandboxOrigin).host}`) ?? false
}

export interface Previews {
  /** Under which they have their hosts. */
  origin: string
  /** The one origin that may show them. */
  ide: string
}

/** Where previews have an origin of their own; null when they have none. */
export function previewOrigin(): Previews | null {
  const { sandboxOrigin, publicUrl } = readEnv(process.env)
  return sandboxOrigin === null || publicUrl === null ? null : { origin: sandboxOrigin, ide: publicUrl }
}
