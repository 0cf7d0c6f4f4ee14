/** The errors that Node's crypto throws from C++, with the same codes and messages. */

type ErrorClass = new (message: string) => Error

/** An error with a Node code. */
export function nodeError(code: string, message: string, Class: ErrorClass = Error): Error {
  const error = new Class(message)
  // As Node's own errors print: `TypeError [ERR_X]: message`.
  return Object.defineProperty(Object.assign(error, { code }), 'stack', {
    value: error.stack?.replace(error.name, `${error.name} [${code}]`),
    writable: true,
    configurable: true,
    enumerable: false,
  })
}

export const invalidDigest = (name: string, what = 'digest') =>
  nodeError('ERR_CRYPTO_INVALID_DIGEST', `Invalid ${what}: ${name}`, TypeError)

/** OpenSSL's libraries: number, name in messages, and the part of it in Node's codes. */
const libraries = {
  bn: [3, 'bignum routines', 'BN_'],
  rsa: [4, 'rsa routines', 'RSA_'],
  dh: [5, 'Diffie-Hellman routines', 'DH_'],
  evp: [6, 'digital envelope routines', 'EVP_'],
  pem: [9, 'PEM routines', 'PEM_'],
  asn1: [13, 'asn1 encoding routines', 'ASN1_'],
  crypto: [15, 'common libcrypto routines', 'CRYPTO_'],
  ec: [16, 'elliptic curve routines', 'EC_'],
  provider: [57, 'Provider routines', ''],
  decoder: [60, 'DECODER routines', ''],
} as const

/** An entry of OpenSSL's error queue, as Node decorates it. */
export function opensslError(library: keyof typeof libraries, reasonNumber: number, reason: string): Error {
  const [number, name, prefix] = libraries[library]
  const packed = ((number << 23) | reasonNumber).toString(16).toUpperCase().padStart(8, '0')
  const error = new Error(`error:${packed}:${name}::${reason}`)
  const code = `ERR_OSSL_${prefix}${reason.toUpperCase().replaceAll(' ', '_')}`
  return Object.assign(error, { library: name, reason, code })
}

/** For what no decoder takes as a key; the reason is one that all libraries share, which has a flag of its own. */
export const unsupportedKey = () => opensslError('decoder', 0x8010c, 'unsupported')
