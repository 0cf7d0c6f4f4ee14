import { type DerNode, derTag, expectTag, readSequence } from '../asn1'
import type { AsymmetricKey } from '../key/key-data'
import { readSpki } from '../key/key-reader'

/** The public key of a certificate (RFC 5280). */
export function readCertificateKey(node: DerNode): AsymmetricKey {
  const [body] = readSequence(node)
  const fields = readSequence(body)
  // The version comes first, when it is not the first version.
  const at = fields[0]?.tag === 0xa0 ? 1 : 0
  return readSpki(expectTag(fields[at + 5], derTag.sequence))
}
