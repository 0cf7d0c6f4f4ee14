import { VitrineError } from '@/lib/base'
import { handle } from '@/lib/server'

/** Where `next.config.mjs` leads addresses under /api that cannot be decoded. */
const malformed = handle({ access: 'public' }, () => {
  throw new VitrineError('invalid_request', 'The address holds a percent-escape that stands for no character.')
})

export const dynamic = 'force-dynamic'
export { malformed as DELETE, malformed as GET, malformed as PATCH, malformed as POST, malformed as PUT }
