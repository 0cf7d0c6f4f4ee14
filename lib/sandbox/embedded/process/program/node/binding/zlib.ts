import { deferInContext } from './async-resource'
import type { Binding, BindingContext } from './context'
import type { createZlibBinding as create } from './zlib/binding'
import type { BrotliCodec } from './zlib/brotli-engine'
import type { ZstdCodec } from './zlib/zstd-engine'

/** `internalBinding('zlib')`; its code is a bundle of its own, and so are the codecs of Brotli and Zstandard. */
export function createZlibBinding(context: BindingContext): Binding {
  const { createZlibBinding } = context.bundle<{ createZlibBinding: typeof create }>('node-zlib')
  return createZlibBinding({
    // Node's own cannot be written to either.
    constants: Object.freeze(context.internalBinding('constants').zlib as Record<string, number>),
    defer: deferInContext(context, 'ZLIB'),
    loadBrotli: () => context.bundle<BrotliCodec>('node-brotli'),
    loadZstd: () => context.bundle<ZstdCodec>('node-zstd'),
    unavailable: context.unavailable,
  })
}
