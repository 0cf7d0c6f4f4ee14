import { nodeError, opensslError } from '../errors'
import { type KeySource, secretBytes } from '../key-handle'
import { type ByteSource, type CryptoSupport, decodeInput, equalBytes, toBuffer, toBytes } from '../support'
import { type CipherSpec, cipherNames, findCipher } from './cipher-table'
import { KeyWrapError } from './key-wrap'
import type { RunningAead, RunningCipher } from './mode'

const noTagLength = -1
const defaultTagLength = 16
const gcmTagLengths = new Set([4, 8, 12, 13, 14, 15, 16])
const ccmTagLengths = new Set([4, 6, 8, 10, 12, 14, 16])
const maxMessageBytes = 2 ** 31 - 1

const invalidIv = () => nodeError('ERR_CRYPTO_INVALID_IV', 'Invalid initialization vector', TypeError)
const invalidTag = (message: string) => nodeError('ERR_CRYPTO_INVALID_AUTH_TAG', message, TypeError)
const invalidTagLength = (length: number) => invalidTag(`Invalid authentication tag length: ${length}`)

/** The handle behind `createCipheriv` and `createDecipheriv`, and the questions about ciphers. */
export function createCipherBinding(support: CryptoSupport) {
  class CipherBase {
    readonly #isEncrypting: boolean
    #spec: CipherSpec | undefined
    #running: RunningCipher | undefined
    #aead: RunningAead | undefined
    #tagLength = noTagLength
    #tag: Uint8Array | undefined
    #maxMessage = maxMessageBytes
    #hasFailed = false
    #hasUpdated = false

    constructor(isEncrypting: boolean) {
      this.#isEncrypting = isEncrypting
    }

    initiv(name: string, key: KeySource, iv: ByteSource | null, tagLength: number): void {
      const spec = findCipher(name)
      if (!spec) throw nodeError('ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher')
      const ivBytes = iv ? toBytes(iv).slice() : new Uint8Array(0)
      checkIv(spec, ivBytes)
      this.#tagLength = this.#checkedTagLength(spec, name, tagLength)
      const keyBytes = secretBytes(key).slice()
      if (keyBytes.length !== spec.keyLength) {
        throw nodeError('ERR_CRYPTO_INVALID_KEYLEN', 'Invalid key length', RangeError)
      }
      if (spec.mode === 'ccm') this.#maxMessage = Math.min(maxMessageBytes, 2 ** (8 * (15 - ivBytes.length)) - 1)
      const start = { key: keyBytes, iv: ivBytes, isEncrypting: this.#isEncrypting }
      this.#aead = spec.startAead?.(start, this.#tagLength)
      this.#running = this.#aead ?? spec.start?.(start)
      this.#spec = spec
    }

    update(data: string | ByteSource, encoding?: string) {
      const bytes = decodeInput(support, data, encoding)
      if (this.#spec?.mode === 'ccm' && this.#running) this.#checkCcmMessage(bytes.length)
      if (!this.#running || bytes.length >= maxMessageBytes) throw new Error('Trying to add data in unsupported state')
      this.#hasUpdated = true
      return toBuffer(support, this.#updateWith(this.#running, bytes))
    }

    final() {
      const running = this.#running
      if (!running) throw nodeError('ERR_CRYPTO_INVALID_STATE', 'Invalid state')
      this.#running = undefined
      // CCM's tag is made by the one update, even of nothing.
      const hasNoTag = this.#spec?.mode === 'ccm' && this.#isEncrypting && !this.#hasUpdated
      if (hasNoTag) throw opensslError('provider', 119, 'tag not set')
      const rest = running.final()
      if (this.#aead) this.#finishTag(this.#aead)
      return toBuffer(support, rest)
    }

    setAutoPadding(isPadded = true): boolean {
      if (!this.#running) return false
      this.#running.setPadding?.(isPadded)
      return true
    }

    getAuthTag() {
      if (this.#running || !this.#isEncrypting || !this.#aead || !this.#tag) return undefined
      return toBuffer(support, this.#tag.slice())
    }

    setAuthTag(tag: ByteSource): boolean {
      if (!this.#running || !this.#aead || this.#isEncrypting || this.#tag) return false
      const bytes = toBytes(tag).slice()
      const isRightLength = this.#tagLength === noTagLength || this.#tagLength === bytes.length
      if (!isRightLength || (this.#spec?.mode === 'gcm' && !gcmTagLengths.has(bytes.length))) {
        throw invalidTagLength(bytes.length)
      }
      this.#tag = bytes
      return true
    }

    setAAD(data: ByteSource, plaintextLength: number): boolean {
      if (!this.#running || !this.#aead) return false
      if (this.#spec?.mode === 'ccm') {
        if (plaintextLength < 0) {
          const message = 'options.plaintextLength required for CCM mode with AAD'
          throw nodeError('ERR_MISSING_ARGS', message, TypeError)
        }
        this.#checkCcmMessage(plaintextLength)
      }
      this.#aead.addData(toBytes(data).slice(), plaintextLength)
      return true
    }

    #updateWith(running: RunningCipher, bytes: Uint8Array): Uint8Array {
      // A key that does not unwrap is an update that fails, in OpenSSL's words.
      try {
        const result = running.update(bytes)
        if (this.#spec?.mode !== 'ccm' || this.#isEncrypting) return result
        // What CCM has not authenticated is not given out; `final` says so.
        this.#hasFailed = !this.#isTagRight(running as RunningAead)
        return this.#hasFailed ? new Uint8Array(0) : result
      } catch (cause) {
        if (cause instanceof KeyWrapError) throw new Error('Trying to add data in unsupported state')
        throw cause
      }
    }

    #finishTag(aead: RunningAead): void {
      if (this.#isEncrypting) {
        const length = this.#tagLength === noTagLength ? defaultTagLength : this.#tagLength
        this.#tag = aead.tag().slice(0, length)
        return
      }
      if (this.#hasFailed || !this.#isTagRight(aead)) {
        throw new Error('Unsupported state or unable to authenticate data')
      }
    }

    #isTagRight(aead: RunningAead): boolean {
      return this.#tag !== undefined && equalBytes(aead.tag().subarray(0, this.#tag.length), this.#tag)
    }

    #checkCcmMessage(length: number): void {
      if (length <= this.#maxMessage) return
      throw nodeError('ERR_CRYPTO_INVALID_MESSAGELEN', 'Invalid message length', RangeError)
    }

    #checkedTagLength(spec: CipherSpec, name: string, length: number): number {
      if (!spec.startAead) return noTagLength
      if (spec.mode === 'gcm') {
        if (length !== noTagLength && !gcmTagLengths.has(length)) throw invalidTagLength(length)
        return length
      }
      if (length === noTagLength) {
        if (spec.mode === 'stream') return defaultTagLength
        throw invalidTag(`authTagLength required for ${name}`)
      }
      const isValid = spec.mode === 'ccm' ? ccmTagLengths.has(length) : length > 0 && length <= defaultTagLength
      if (!isValid) throw invalidTagLength(length)
      return length
    }
  }

  return {
    CipherBase,
    getCiphers: () => [...cipherNames],
    getSSLCiphers: () => [],
    getCipherInfo(info: object, nameOrNid: string | number, keyLength?: number, ivLength?: number) {
      const spec = findCipher(nameOrNid)
      if (!spec || (keyLength !== undefined && keyLength !== spec.keyLength)) return undefined
      if (ivLength !== undefined && !isValidIvLength(spec, ivLength)) return undefined
      const { mode, name, nid, blockSize } = spec
      const usedIvLength = ivLength ?? spec.ivLength
      return Object.assign(info, {
        mode,
        name,
        nid,
        ...(mode === 'stream' ? {} : { blockSize }),
        ...(usedIvLength === 0 ? {} : { ivLength: usedIvLength }),
        keyLength: spec.keyLength,
      })
    },
  }
}

function checkIv(spec: CipherSpec, iv: Uint8Array): void {
  if (iv.length === 0 && spec.ivLength === 0) return
  if (iv.length === 0 || !isValidIvLength(spec, iv.length)) throw invalidIv()
}

function isValidIvLength({ mode, startAead, ivLength }: CipherSpec, length: number): boolean {
  if (!startAead) return length === ivLength
  if (mode === 'ccm') return length >= 7 && length <= 13
  if (mode === 'ocb') return length >= 1 && length <= 15
  return mode === 'gcm' ? length > 0 : length > 0 && length <= 12
}
