import type { FileChange, FileData } from '@/lib/workspace'
import type { RecordedChange, RecordedData } from './events'

export function toRecordedChange({ path, before, after }: FileChange): RecordedChange {
  return { path, before: toRecorded(before), after: toRecorded(after) }
}

export function fromRecordedChange({ path, before, after }: RecordedChange): FileChange {
  return { path, before: fromRecorded(before), after: fromRecorded(after) }
}

function toRecorded(data: FileData | null): RecordedData {
  if (!(data instanceof Uint8Array)) return data
  return { base64: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')) }
}

function fromRecorded(data: RecordedData): FileData | null {
  if (data === null || typeof data === 'string') return data
  return Uint8Array.from(atob(data.base64), (character) => character.charCodeAt(0))
}
