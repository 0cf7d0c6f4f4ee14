import { endToolSession, handle, listedTarget, toolMessage, toolServerLimit } from '@/lib/server'

export { refuseMethod as GET, refuseMethod as PATCH, refuseMethod as PUT } from '@/lib/server'

export const dynamic = 'force-dynamic'
export const POST = handle({ access: 'write', body: 'json', limit: toolServerLimit }, toolMessage(listedTarget))
export const DELETE = handle({ access: 'write' }, endToolSession(listedTarget))
