import type {
  BundleAssets,
  BundleName,
  FileOp,
  FileRecord,
  KernelBoot,
  LateBundle,
  PackageRecord,
  ProcessBoot,
  ToProcess,
} from '../protocol'
import { lateBundles } from '../protocol'

/** A process Worker with its private port; a spare one has the files and waits for a program. */
export interface ProcessWorker {
  worker: Worker
  post(message: ToProcess, transfer?: Transferable[]): void
  /** The number of the last batch that came from it. */
  seen: number
  port: MessagePort
  /** Settles when its script has run and it has the files, or when it was stopped before. */
  started: Promise<void>
  settleStart(): void
  /** While the process sleeps for an answer: what others write comes with that. */
  withheld: FileOp[] | null
}

export interface BundleSource {
  /** The bundle's blob URL; null when it cannot be loaded. */
  url(name: BundleName): Promise<string | null>
  /** Those that are here already, of the ones that come late. */
  late(): Partial<Record<LateBundle, string>>
  /** What a Worker of the bundle gets with its files. */
  assets(name: BundleName): ProcessBoot['assets']
}

export function startWorker(
  url: string,
  name: string,
  { files, assets }: { files: Iterable<FileRecord | PackageRecord>; assets?: ProcessBoot['assets'] },
): ProcessWorker {
  const worker = new Worker(url, { name })
  const { port1, port2 } = new MessageChannel()
  const boot: ProcessBoot = { files: [...files], ...(assets && { assets }) }
  let settleStart = () => {}
  const started = new Promise<void>((resolve) => {
    settleStart = resolve
  })
  for (const event of ['message', 'error']) worker.addEventListener(event, settleStart, { once: true })
  worker.postMessage(boot, [port2])
  return {
    worker,
    started,
    settleStart,
    port: port1,
    post: (message, transfer = []) => port1.postMessage(message, transfer),
    seen: 0,
    withheld: null,
  }
}

/** Tells a Worker what others wrote. */
export function sendFiles(to: ProcessWorker, ops: FileOp[]): void {
  if (to.withheld) to.withheld.push(...ops)
  else to.post({ type: 'files', ops, seen: to.seen })
}

export function stopWorker({ worker, port, settleStart }: ProcessWorker): void {
  settleStart()
  port.onmessage = null
  port.close()
  worker.terminate()
}

/** Bundles by name: the first arrives with the boot message, the others are asked for when they are needed. */
export function createBundleSource(process: KernelBoot['process'], request: (name: BundleName) => void) {
  const toUrl = (source: string) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const urls = new Map<BundleName, Promise<string | null>>([['process', Promise.resolve(toUrl(process.source))]])
  const late: Partial<Record<LateBundle, string>> = {}
  const assetsOf = new Map<BundleName, ProcessBoot['assets']>([['process', process.assets]])
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
    // Tests run Node programs too.
    assets: (name: BundleName) => (name === 'testing' ? process.assets : assetsOf.get(name)),
    async arrived(name: BundleName, source: string | null, assets?: BundleAssets) {
      if (assets) assetsOf.set(name, await compileAssets(assets))
      const url = source === null ? null : toUrl(source)
      if (url !== null && isLate(name)) late[name] = url
      arrivals.get(name)?.(url)
      arrivals.delete(name)
      // A failed load is tried again with the next request.
      if (source === null) urls.delete(name)
    },
  }
}

export const isLate = (name: unknown): name is LateBundle => lateBundles.some((late) => late === name)

/** WebAssembly is compiled once for all Workers. */
async function compileAssets(assets: BundleAssets): Promise<ProcessBoot['assets']> {
  const entries = Object.entries(assets).map(async ([name, bytes]) => {
    return [name, name.endsWith('.wasm') ? await WebAssembly.compile(bytes) : bytes] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
