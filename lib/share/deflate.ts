import { joinBytes } from '@/lib/base'
import { ShareRefused, shareLimits } from './limits'

/** Raw deflate (RFC 1951) by the platform's CompressionStream. */
export async function deflateRaw(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/**
 * Inflates within `shareLimits`; throws `ShareRefused` as soon as a limit is passed. Slices are taken one by one and
 * should be small: the platform inflates all that one holds before anybody can look, and 1 KB can grow to 1 MB.
 */
export async function inflateRaw(slices: Iterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const { chunk, fedBytes } of inflatedChunks(slices)) {
      size += chunk.byteLength
      checkInflatedSize(size, fedBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof ShareRefused) throw error
    throw new ShareRefused('damaged', 'The link is damaged. Copy it again, whole, from where it was made.', {
      cause: error,
    })
  }
  return joinBytes(chunks)
}

function checkInflatedSize(inflatedBytes: number, fedBytes: number): void {
  const { inflatedBytes: cap, ratio, ratioFloorBytes } = shareLimits
  if (inflatedBytes > cap) {
    throw new ShareRefused(
      'too-large',
      `The project is larger than ${cap / 1024 / 1024} MB. Leave out large files and share again.`,
    )
  }
  if (inflatedBytes > ratioFloorBytes && inflatedBytes > fedBytes * ratio) {
    throw new ShareRefused(
      'too-compressed',
      `The content shrinks more than ${ratio} times, which real projects do not. Leave out files that only repeat themselves.`,
    )
  }
}

/** `fedBytes`: how much of the input had been read when the chunk came out. */
async function* inflatedChunks(
  slices: Iterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<{ chunk: Uint8Array; fedBytes: number }> {
  const stream = new DecompressionStream('deflate-raw')
  const reader = stream.readable.getReader()
  const writer = stream.writable.getWriter()
  let fedBytes = 0
  // Written by hand: in Node, `pipeThrough` reads far ahead of the inflated side.
  const feed = async () => {
    for (const slice of slices) {
      fedBytes += slice.byteLength
      await writer.write(slice)
    }
    await writer.close()
  }
  // A failure of the stream reaches the reader too; a failure of `slices` must be told to it.
  feed().catch((error) => writer.abort(error).catch(() => undefined))
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield { chunk: value, fedBytes }
    }
  } finally {
    // Stops the feeding when the consumer has seen enough; after a normal end it does nothing.
    await reader.cancel().catch(() => undefined)
  }
}
