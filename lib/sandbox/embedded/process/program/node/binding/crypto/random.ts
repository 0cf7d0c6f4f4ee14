import { bigintToBytes, bytesToBigint } from './asn1'
import { bitLength, isProbablePrime, randomPrime } from './bigint-math'
import { nodeError, opensslError } from './errors'
import { createJobClass } from './job'
import { type ByteSource, type CryptoSupport, fillRandom, toArrayBuffer, toBytes } from './support'

/** OpenSSL's limit. */
const maxNumberBytes = 67_108_856

/** Random bytes and primes. */
export function createRandomBinding(support: CryptoSupport) {
  return {
    RandomBytesJob: createJobClass(support, (target: ByteSource, offset: number, size: number) => () => {
      const bytes = toBytes(target).subarray(offset, offset + size)
      // Web Crypto does not fill shared memory.
      if (bytes.buffer instanceof ArrayBuffer) fillRandom(bytes as Uint8Array<ArrayBuffer>)
      else bytes.set(fillRandom(new Uint8Array(size)))
    }),
    RandomPrimeJob: createJobClass(support, preparePrime),
    CheckPrimeJob: createJobClass(support, (candidate: ByteSource, checks: number) => {
      const bytes = toBytes(candidate)
      if (bytes.length > maxNumberBytes) throw opensslError('bn', 114, 'bignum too long')
      const value = bytesToBigint(bytes)
      return () => isProbablePrime(value, checks || undefined)
    }),
    /** A buffer for secrets; there is no locked memory to take it from. */
    secureBuffer: (length: number) => new Uint8Array(length),
    secureHeapUsed: () => undefined,
    timingSafeEqual,
  }
}

function preparePrime(bits: number, isSafe: boolean, add?: ByteSource, remainder?: ByteSource): () => ArrayBuffer {
  const step = add && bytesToBigint(toBytes(add))
  const rest = remainder && bytesToBigint(toBytes(remainder))
  if (step !== undefined && bitLength(step) > bits)
    throw nodeError('ERR_OUT_OF_RANGE', 'invalid options.add', RangeError)
  if (step !== undefined && rest !== undefined && rest >= step) {
    throw nodeError('ERR_OUT_OF_RANGE', 'invalid options.rem', RangeError)
  }
  return () => {
    const prime = randomPrime(bits, { isSafe, step: step || undefined, remainder: rest })
    return toArrayBuffer(bigintToBytes(prime, Math.ceil(bits / 8)))
  }
}

function timingSafeEqual(left: unknown, right: unknown): boolean {
  const [a, b] = [bytesArgument(left, 'buf1'), bytesArgument(right, 'buf2')]
  if (a.length !== b.length) {
    const message = 'Input buffers must have the same byte length'
    throw nodeError('ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', message, RangeError)
  }
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= (a[index] as number) ^ (b[index] as number)
  return difference === 0
}

function bytesArgument(value: unknown, name: string): Uint8Array {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return toBytes(value)
  const message = `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`
  throw nodeError('ERR_INVALID_ARG_TYPE', message, TypeError)
}
