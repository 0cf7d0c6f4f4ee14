import { declaredServerLimit, declaredTarget, endToolSession, handle, toolMessage } from '@/lib/server'

export { refuseMethod as GET, refuseMethod as PATCH, refuseMethod as PUT } from '@/lib/server'

const target = declaredTarget()

export const dynamic = 'force-dynamic'
export const POST = handle({ access: 'write', body: 'json', limit: declaredServerLimit }, toolMessage(target))
export const DELETE = handle({ access: 'write', limit: declaredServerLimit }, endToolSession(target))
