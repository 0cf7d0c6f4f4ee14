import { VitrineError } from '@/lib/base'
import { handle } from '@/lib/server'

/** Every other address under /api: an answer in the same shape as all errors. */
const notFound = handle({ access: 'public' }, () => {
  throw new VitrineError('not_found', 'There is no such route.')
})

export const dynamic = 'force-dynamic'
export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT }
