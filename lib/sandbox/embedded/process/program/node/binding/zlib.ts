import type { Binding, BindingContext } from './context'
import type { createZlibBinding as create } from './zlib/binding'
import type { BrotliCodec } from './zlib/brotli-engine'

/** `internalBinding('zlib')`; its code is a bundle of its own, and so is the Brotli codec. */
export function createZlibBinding(context: BindingContext): Binding {
  const { createZlibBinding } = context.bundle<{ createZlibBinding: typeof create }>('node-zlib')
  return createZlibBinding({
    constants: context.internalBinding('constants').zlib as Record<string, number>,
    defer: context.defer,
    loadBrotli: () => context.bundle<BrotliCodec>('node-brotli'),
    unavailable: context.unavailable,
  })
}
