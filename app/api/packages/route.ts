import { handle, packageCrawl, packageLimit } from '@/lib/server'

export { refuseMethod as DELETE, refuseMethod as PATCH, refuseMethod as POST, refuseMethod as PUT } from '@/lib/server'

export const dynamic = 'force-dynamic'
export const GET = handle({ access: 'read', limit: packageLimit }, packageCrawl)
