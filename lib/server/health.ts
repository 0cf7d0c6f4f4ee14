import { version } from '@/package.json'
import type { RouteContext } from './handle'

/** `GET /api/health`: what runs here. Says nothing that helps a stranger. */
export function health({ settings }: RouteContext): Response {
  return Response.json({
    status: 'ok',
    version,
    database: 'none',
    model: settings.upstream === null ? 'scripted' : 'upstream',
  })
}
