import { parseRegistryPath } from '@/lib/base'
import { parseWant } from '@/lib/registry/want'
import type {
  PackageCrawlRequest,
  PackageFileRequest,
  PackageMessage,
  PackageOutcome,
  PackageRecord,
  PackageRequest,
} from '../protocol'

export type OnLines = (lines: Uint8Array<ArrayBuffer>) => void

/** Asks the IDE page for what the registry has, and hands its answers to those who asked. */
export interface PackageRequests {
  fetch(request: PackageRequest, onLines: OnLines): Promise<PackageOutcome>
  receive(message: PackageMessage): void
}

export function createPackageRequests(ask: (id: number, request: PackageRequest) => void): PackageRequests {
  const waiting = new Map<number, { onLines: OnLines; settle(outcome: PackageOutcome): void }>()
  let lastId = 0
  return {
    fetch(request, onLines) {
      lastId += 1
      ask(lastId, request)
      const id = lastId
      return new Promise((settle) => waiting.set(id, { onLines, settle }))
    },
    receive(message) {
      const request = waiting.get(message.id)
      if (message.type === 'package-lines') return request?.onLines(message.lines)
      request?.settle(message.outcome)
      waiting.delete(message.id)
    },
  }
}

export function isPackageRequest(request: unknown): request is PackageRequest {
  if (typeof request !== 'object' || request === null) return false
  const {
    path,
    integrity,
    full,
    wants,
    cachedOnly = false,
  } = request as Partial<PackageFileRequest & PackageCrawlRequest>
  if (typeof cachedOnly !== 'boolean') return false
  if (wants !== undefined) return Array.isArray(wants) && wants.every(isWant)
  const isPath = typeof path === 'string' && parseRegistryPath(path) !== null
  return isPath && typeof full === 'boolean' && (integrity === null || typeof integrity === 'string')
}

const isWant = (label: unknown) => typeof label === 'string' && parseWant(label) !== null

/** Packages go into a `node_modules` folder and nowhere else. */
export function isPackageFolder(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    /\/node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) &&
    !/(^|\/)\.{0,2}(\/|$)/.test(path.slice(1))
  )
}

export function isPackageRecord(record: PackageRecord): boolean {
  return (
    record?.kind === 'package' &&
    isPackageFolder(record.path) &&
    record.data instanceof Uint8Array &&
    typeof record.index === 'string' &&
    typeof record.mtimeMs === 'number'
  )
}
