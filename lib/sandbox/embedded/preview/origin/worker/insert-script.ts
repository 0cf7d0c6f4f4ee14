import { joinBytes } from '@/lib/base'

/** A head begins before this, in bytes. */
const maxHeld = 65_536
const beginning =
  /^(?:\u00ef\u00bb\u00bf)?(?:\s+|<!--[\s\S]*?-->|<\?[^>]*>|<!doctype[^>]*>|<html\b[^>]*>|<head\b[^>]*>)*/i

/** Puts a script in front of all others in a page that is still arriving. */
export function insertScript(src: string): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const script = new TextEncoder().encode(`<script src="${src}"></script>`)
  let held: Uint8Array<ArrayBuffer> | null = new Uint8Array()
  const place = (
    controller: TransformStreamDefaultController<Uint8Array<ArrayBuffer>>,
    page: Uint8Array<ArrayBuffer>,
  ) => {
    const at = beginningOf(page).length
    held = null
    controller.enqueue(joinBytes([page.subarray(0, at), script, page.subarray(at)]))
  }
  return new TransformStream({
    transform(chunk, controller) {
      if (held === null) return controller.enqueue(chunk)
      held = joinBytes([held, chunk])
      if (held.byteLength > maxHeld || hasBegun(held)) place(controller, held)
    },
    flush(controller) {
      if (held) place(controller, held)
    },
  })
}

/** Bytes as letters: of other encodings only what is no markup is misread. */
function lettersOf(page: Uint8Array): string {
  return Array.from(page.subarray(0, maxHeld), (byte) => String.fromCharCode(byte)).join('')
}

function beginningOf(page: Uint8Array): string {
  return beginning.exec(lettersOf(page))?.[0] ?? ''
}

/** Whether what follows the beginning can no longer be part of it. */
function hasBegun(page: Uint8Array): boolean {
  const letters = lettersOf(page)
  const rest = letters.slice(beginning.exec(letters)?.[0].length ?? 0)
  if (rest === '' || rest.startsWith('<!--')) return false
  return !rest.startsWith('<') || rest.includes('>')
}
