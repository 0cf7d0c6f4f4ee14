import { endToolSession, handle, toolMessage, toolServerLimit } from '@/lib/server'

export { refuseMethod as GET, refuseMethod as PATCH, refuseMethod as PUT } from '@/lib/server'

export const dynamic = 'force-dynamic'
export const POST = handle({ access: 'write', body: 'json', limit: toolServerLimit }, toolMessage)
export const DELETE = handle({ access: 'write' }, endToolSession)
