import { createDiffieHellmanBinding } from './agreement/diffie-hellman'
import { createEcdhBinding } from './agreement/ecdh'
import { aesModes, createAesJob } from './cipher/aes-job'
import { createCipherBinding } from './cipher/cipher-base'
import { nodeError } from './errors'
import { createHashBinding } from './hash'
import { jobMode } from './job'
import { createKdfBinding } from './kdf'
import { okpCurves } from './key/curves'
import { keyType } from './key/key-data'
import { createKeyGenerationBinding, curveEncoding, rsaVariant, webFormat } from './key/key-generation'
import { createKeyBinding } from './key/key-object'
import { keyEncoding, keyFormat } from './key/key-parser'
import { createRandomBinding } from './random'
import { createRsaCipherBinding, rsaPadding } from './rsa-cipher'
import { createSignBinding, signMode } from './sign/sign-binding'
import { signatureEncoding } from './sign/signature'
import { type CryptoSupport, setRandomSource } from './support'
import { createX509Binding } from './x509/x509-binding'

/** `internalBinding('crypto')`, on noble's primitives and BigInt; nothing here runs in constant time. */
export function createCryptoBinding(support: CryptoSupport): Record<string, unknown> {
  setRandomSource(support.getRandomValues)
  const { handleOf, ...keys } = createKeyBinding(support)
  return {
    ...constants,
    ...createHashBinding(support),
    ...createRandomBinding(support),
    ...createKdfBinding(support),
    ...createCipherBinding(support),
    ...keys,
    ...createKeyGenerationBinding(support, handleOf),
    ...createSignBinding(support),
    ...createRsaCipherBinding(support),
    ...createDiffieHellmanBinding(support),
    ...createEcdhBinding(support),
    ...createX509Binding(support, handleOf),
    AESCipherJob: createAesJob(support),
    ...tls,
    getFipsCrypto: () => 0,
    testFipsCrypto: () => false,
    getOpenSSLSecLevelCrypto: () => 1,
    setFipsCrypto(isWanted: boolean) {
      if (!isWanted) return
      throw nodeError('ERR_FEATURE_UNAVAILABLE', 'The sandbox has no FIPS-validated cryptography.')
    },
    setEngine() {
      throw nodeError('ERR_FEATURE_UNAVAILABLE', 'The sandbox has no OpenSSL to load an engine into.')
    },
  }
}

/** What `node:tls` asks of this binding when it is loaded: there are no authorities, and no connections to trust. */
const tls = {
  startLoadingCertificatesOffThread: () => undefined,
  getBundledRootCertificates: () => [],
  getSystemCACertificates: () => [],
  getExtraCACertificates: () => [],
  getUserRootCertificates: () => [],
  resetRootCertStore: () => undefined,
  SecureContext: class SecureContext {
    constructor() {
      throw nodeError('ERR_FEATURE_UNAVAILABLE', 'TLS is not available in the sandbox: it has no network to secure.')
    }
  },
}

const constants: Record<string, number> = {
  kCryptoJobAsync: jobMode.async,
  kCryptoJobSync: jobMode.sync,
  kKeyTypeSecret: keyType.secret,
  kKeyTypePublic: keyType.public,
  kKeyTypePrivate: keyType.private,
  kKeyFormatDER: keyFormat.der,
  kKeyFormatPEM: keyFormat.pem,
  kKeyFormatJWK: keyFormat.jwk,
  kKeyEncodingPKCS1: keyEncoding.pkcs1,
  kKeyEncodingPKCS8: keyEncoding.pkcs8,
  kKeyEncodingSPKI: keyEncoding.spki,
  kKeyEncodingSEC1: keyEncoding.sec1,
  kSigEncDER: signatureEncoding.der,
  kSigEncP1363: signatureEncoding.p1363,
  kSignJobModeSign: signMode.sign,
  kSignJobModeVerify: signMode.verify,
  kWebCryptoKeyFormatRaw: webFormat.raw,
  kWebCryptoKeyFormatPKCS8: webFormat.pkcs8,
  kWebCryptoKeyFormatSPKI: webFormat.spki,
  kWebCryptoKeyFormatJWK: webFormat.jwk,
  kWebCryptoCipherEncrypt: 0,
  kWebCryptoCipherDecrypt: 1,
  kKeyVariantRSA_SSA_PKCS1_v1_5: rsaVariant.pkcs1,
  kKeyVariantRSA_PSS: rsaVariant.pss,
  kKeyVariantRSA_OAEP: rsaVariant.oaep,
  RSA_PKCS1_PSS_PADDING: rsaPadding.pss,
  OPENSSL_EC_NAMED_CURVE: curveEncoding.named,
  OPENSSL_EC_EXPLICIT_CURVE: curveEncoding.explicit,
  X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT: 0x1,
  X509_CHECK_FLAG_NO_WILDCARDS: 0x2,
  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS: 0x4,
  X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS: 0x8,
  X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS: 0x10,
  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT: 0x20,
  ...Object.fromEntries(okpCurves.map(({ kind, nid }) => [`EVP_PKEY_${kind.toUpperCase()}`, nid])),
  ...Object.fromEntries(
    aesModes.flatMap((mode, at) =>
      [128, 192, 256].map((bits, index) => [`kKeyVariantAES_${mode}_${bits}`, at * 3 + index]),
    ),
  ),
}
