import { messageOf } from '@/lib/base'
import type { PackedFiles } from '../packed-files'
import type {
  BuiltFile,
  BundleAssets,
  BundleName,
  FileOp,
  FilesMessage,
  KernelBoot,
  LateBundle,
  ProcessBoot,
  ToProcess,
} from '../protocol'
import { lateBundles } from '../protocol'
import type { KernelWorker } from './open-worker'

/** A process Worker with its private port; a spare one has the files and waits for a program. */
export interface ProcessWorker {
  worker: KernelWorker
  post(message: ToProcess, transfer?: Transferable[]): void
  /** The number of the last batch that came from it. */
  seen: number
  port: MessagePort
  /** Settles when it has the files and is prepared for a program, or when it was stopped before. */
  started: Promise<void>
  settleStart(): void
  /** While the process sleeps for an answer: what others write comes with that. */
  withheld: FileOp[] | null
  /** How many `files` messages went to it. */
  sent: number
  /** Those that a process with threads may not have taken in yet; null where there are no threads. */
  untaken: FilesMessage[] | null
}

export interface BundleSource {
  /** The bundle's blob URL; null when it cannot be loaded. */
  url(name: BundleName): Promise<string | null>
  /** Those that are here already, of the ones that come late. */
  late(): Partial<Record<LateBundle, string>>
  /** What a Worker of the bundle gets with its files. */
  assets(name: BundleName): Promise<ProcessBoot['assets']> | undefined
}

export function startWorker(
  worker: KernelWorker,
  { files, assets }: { files: PackedFiles; assets?: Promise<ProcessBoot['assets']> | undefined },
): ProcessWorker {
  const { port1, port2 } = new MessageChannel()
  const boot: ProcessBoot = { files }
  let settleStart = () => {}
  const started = new Promise<void>((resolve) => {
    settleStart = resolve
  })
  for (const event of ['message', 'error']) worker.addEventListener(event, settleStart, { once: true })
  if (!assets) worker.postMessage(boot, [port2])
  else {
    assets.then(
      (read) => worker.postMessage({ ...boot, assets: read }, [port2]),
      (error) => worker.dispatchEvent(new ErrorEvent('error', { message: messageOf(error) })),
    )
  }
  return {
    worker,
    started,
    settleStart,
    port: port1,
    post: (message, transfer = []) => port1.postMessage(message, transfer),
    seen: 0,
    withheld: null,
    sent: 0,
    untaken: null,
  }
}

/** A thread may sleep, or not say what it has. What goes it gets as any process does, in a turn of its own. */
const maxUntaken = 1024

/** Tells a Worker what others wrote. */
export function sendFiles(to: ProcessWorker, ops: FileOp[]): void {
  if (to.withheld) to.withheld.push(...ops)
  else {
    to.sent += 1
    const message: FilesMessage = { type: 'files', ops, seen: to.seen, number: to.sent }
    if (to.untaken && to.untaken.push(message) > maxUntaken) to.untaken.shift()
    to.post(message)
  }
}

/** It has all up to message `number`; what comes later is kept for it. */
export function filesTaken(worker: ProcessWorker, number: number): void {
  worker.untaken = worker.untaken?.filter((message) => message.number > number) ?? []
}

export function stopWorker({ worker, port, settleStart }: ProcessWorker): void {
  settleStart()
  port.onmessage = null
  port.close()
  worker.terminate()
}

/** Bundles by name: the first arrives with the boot message, the others are asked for when they are needed. */
export function createBundleSource(process: KernelBoot['process'], request: (name: BundleName) => void) {
  const urls = new Map<BundleName, Promise<string | null>>([['process', Promise.resolve(urlOf(process.source))]])
  const late: Partial<Record<LateBundle, string>> = {}
  // Read while the first Worker starts.
  const library = readAssets(process.assets ?? {})
  const assetsOf = new Map<BundleName, Promise<ProcessBoot['assets']>>([
    ['process', library],
    // Tests run Node programs too.
    ['testing', library],
  ])
  const arrivals = new Map<BundleName, (url: string | null) => void>()
  return {
    url(name: BundleName): Promise<string | null> {
      const known = urls.get(name)
      if (known) return known
      const asked = new Promise<string | null>((resolve) => arrivals.set(name, resolve))
      urls.set(name, asked)
      request(name)
      return asked
    },
    late: () => ({ ...late }),
    assets: (name: BundleName) => assetsOf.get(name),
    arrived(name: BundleName, source: BuiltFile | null, assets?: BundleAssets) {
      if (assets) assetsOf.set(name, readAssets(assets))
      const url = source && urlOf(source)
      if (url !== null && isLate(name)) late[name] = url
      arrivals.get(name)?.(url)
      arrivals.delete(name)
      // A failed load is tried again with the next request.
      if (source === null) urls.delete(name)
    },
  }
}

export const isLate = (name: unknown): name is LateBundle => lateBundles.some((late) => late === name)

const urlOf = (script: BuiltFile) =>
  URL.createObjectURL(script instanceof Blob ? script : new Blob([script], { type: 'text/javascript' }))

/** WebAssembly is compiled once for all Workers. */
async function readAssets(assets: BundleAssets): Promise<ProcessBoot['assets']> {
  const entries = Object.entries(assets).map(async ([name, file]) => {
    const bytes = new Uint8Array(file instanceof Blob ? await file.arrayBuffer() : file)
    return [name, name.endsWith('.wasm') ? await WebAssembly.compile(bytes) : bytes] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
