import { compact, handle } from '@/lib/server'

export { refuseMethod as DELETE, refuseMethod as GET, refuseMethod as PATCH, refuseMethod as PUT } from '@/lib/server'

export const dynamic = 'force-dynamic'
export const POST = handle({ access: 'write', body: 'json' }, compact)
