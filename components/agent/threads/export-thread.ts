import { saveBlob } from '@/components/save-blob'
import type { ThreadFormat, ThreadInfo, Threads } from '@/lib/session/types'

const extensions: Record<ThreadFormat, string> = { markdown: 'md', json: 'json', cassette: 'cassette.json' }

/** Saves a conversation as a file of the user's; resolves to what that leaves out, in sentences, or null. */
export async function exportThread(
  threads: Threads,
  { id, title }: Pick<ThreadInfo, 'id' | 'title'>,
  format: ThreadFormat,
): Promise<string | null> {
  const { blob, note } = await threads.export(id, format)
  saveBlob(blob, `${fileNameOf(title)}.${extensions[format]}`)
  return note
}

function fileNameOf(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'conversation'
  )
}
