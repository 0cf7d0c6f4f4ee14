import { type Digest, findDigest, type RunningHash } from '../digests'
import { invalidDigest, nodeError } from '../errors'
import { createJobClass } from '../job'
import type { AsymmetricKey } from '../key/key-data'
import { parsePrivateKey, parsePublicOrPrivateKey } from '../key/key-parser'
import type { KeyHandle } from '../key-handle'
import { type ByteSource, type CryptoSupport, decodeInput, toArrayBuffer, toBuffer, toBytes } from '../support'
import { isSignatureRight, signMessage } from './signature'

/** `kSignJobModeSign` and `kSignJobModeVerify`. */
export const signMode = { sign: 0, verify: 1 } as const

type KeyArguments = [
  data: KeyHandle | ByteSource,
  format: number | string | undefined,
  type: number | undefined,
  passphrase: ByteSource | undefined,
]

type SignCall = [...KeyArguments, padding: number | undefined, saltLength: number | undefined, encoding: number]
type VerifyCall = [
  ...KeyArguments,
  signature: ByteSource,
  padding: number | undefined,
  saltLength: number | undefined,
  encoding: number,
]
type JobCall = [
  mode: number,
  ...KeyArguments,
  data: ByteSource,
  algorithm: string | null | undefined,
  saltLength: number | undefined,
  padding: number | undefined,
  encoding: number | undefined,
  signature?: ByteSource,
]

/** Signatures: the streaming classes and the one-shot job. */
export function createSignBinding(support: CryptoSupport) {
  class SignBase {
    #digest: Digest | undefined
    #running: RunningHash | undefined

    init(name: string): void {
      this.#digest = findDigest(name)
      if (!this.#digest) throw nodeError('ERR_CRYPTO_INVALID_DIGEST', 'Invalid digest', TypeError)
      this.#running = this.#digest.create()
    }

    update(data: string | ByteSource, encoding?: string): void {
      if (!this.#running) throw nodeError('ERR_CRYPTO_INVALID_STATE', 'Not initialised')
      this.#running.update(decodeInput(support, data, encoding))
    }

    protected finish(): { digest: Digest; hash: Uint8Array } {
      const [digest, running] = [this.#digest, this.#running]
      if (!digest || !running) throw nodeError('ERR_CRYPTO_INVALID_STATE', 'Not initialised')
      this.#running = undefined
      return { digest, hash: running.digest() }
    }
  }

  class Sign extends SignBase {
    sign(...[data, format, type, passphrase, padding, saltLength, encoding]: SignCall) {
      const { digest, hash } = this.finish()
      const key = requireHashed(parsePrivateKey({ data, format, type, passphrase }))
      return toBuffer(support, signMessage(key, { hash }, { digest, padding, saltLength, encoding }))
    }
  }

  class Verify extends SignBase {
    verify(...[data, format, type, passphrase, signature, padding, saltLength, encoding]: VerifyCall): boolean {
      const { digest, hash } = this.finish()
      const key = requireHashed(parsePublicOrPrivateKey({ data, format, type, passphrase }))
      const claim = { message: { hash }, signature: toBytes(signature) }
      return isSignatureRight(key, claim, { digest, padding, saltLength, encoding })
    }
  }

  function prepareSign(
    ...[mode, data, format, type, passphrase, bytes, algorithm, saltLength, padding, encoding, signature]: JobCall
  ): () => unknown {
    const digest = algorithm == null ? undefined : findDigest(algorithm)
    if (algorithm != null && !digest) throw invalidDigest(algorithm)
    const parse = mode === signMode.sign ? parsePrivateKey : parsePublicOrPrivateKey
    const key = parse({ data, format, type, passphrase })
    const message = { data: toBytes(bytes).slice() }
    const options = { digest, padding, saltLength, encoding }
    if (mode === signMode.sign) return () => toArrayBuffer(signMessage(key, message, options))
    const claim = { message, signature: toBytes(signature ?? new Uint8Array(0)).slice() }
    return () => isSignatureRight(key, claim, options)
  }

  return { Sign, Verify, SignJob: createJobClass(support, prepareSign) }
}

/** Keys that sign a message as a whole cannot sign one that comes in pieces. */
function requireHashed(key: AsymmetricKey): AsymmetricKey {
  if (key.kind !== 'ed25519' && key.kind !== 'ed448') return key
  throw nodeError('ERR_CRYPTO_UNSUPPORTED_OPERATION', 'Unsupported crypto operation')
}
