import type { Model } from '@/lib/models'

/** Milliseconds. Others do not wait longer than this for the first to be answered. */
const patienceMs = 3000

/**
 * A model that tells when its first answer began: by then the provider has read the prefix that all attempts share, so
 * the others find it in the cache instead of paying for it again. `giveUp`: it will not be asked any more.
 */
export function announceFirst(model: Model): { model: Model; warmed: Promise<void>; giveUp: () => void } {
  let tell = () => {}
  const warmed = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patienceMs)
    tell = () => {
      clearTimeout(timer)
      resolve()
    }
  })
  return {
    warmed,
    giveUp: () => tell(),
    async *model(request, options) {
      try {
        for await (const event of model(request, options)) {
          tell()
          yield event
        }
      } finally {
        tell()
      }
    },
  }
}
