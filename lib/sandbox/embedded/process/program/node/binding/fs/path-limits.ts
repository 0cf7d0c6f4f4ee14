import { encodeText } from '../codec'

/** Linux's, in bytes. */
const maxNameLength = 255
const maxPathLength = 4095

/** Whether Linux would answer ENAMETOOLONG. */
export function isTooLong(path: string): boolean {
  if (path.length <= maxNameLength / 3) return false
  const length = (text: string) => encodeText(text, 'utf8').byteLength
  return length(path) > maxPathLength || path.split('/').some((name) => length(name) > maxNameLength)
}
