import { joinBytes } from '@/lib/base'
import { natives } from '../../natives'
import { createAsyncResource } from '../async-resource'
import { bytesOf, decodeText, encodeText } from '../codec'
import type { Binding, BindingContext } from '../context'
import { hostObjectsOf } from '../host-objects'
import { type Call, createFsCalls, type FsCalls } from './calls'
import { createCopyCalls } from './copy'
import { createDescriptors, type Descriptor } from './descriptors'
import { createModuleLookups, statKind } from './module-lookups'
import { createWatchClasses } from './watching'

interface MovedFile {
  id: string
  path: string
  flags: number
}
/** Creating, exclusively, and truncating. */
const onlyOnce = 0o1300

interface Request {
  makeCallback(name: string, ...values: unknown[]): void
  destroyAsyncId(): void
}

/** `internalBinding('fs')`, and `fs_event_wrap` and `fs_dir`, which live on the same files. */
export function createFsBinding(context: BindingContext): Binding {
  const descriptors = createDescriptors(context)
  const fs = createFsCalls(context, descriptors)
  const AsyncResource = createAsyncResource(context)
  const usePromises = context.symbols.fs_use_promises_symbol
  const watching = createWatchClasses(context, AsyncResource, fs)

  const { FSReqCallback } = {
    // Stacks name it by what stands in the source, where the bundler shortens all but keys.
    FSReqCallback: class extends AsyncResource {
      readonly bigint: boolean
      oncomplete: unknown
      constructor(bigint = false) {
        super('FSREQCALLBACK')
        this.bigint = bigint
      }
    },
  }

  class FileHandle extends AsyncResource {
    #fd: number
    constructor(fd: number) {
      super('FILEHANDLE')
      this.#fd = fd
    }
    get fd() {
      return this.#fd
    }
    close() {
      const fd = this.releaseFD()
      this.destroyAsyncId()
      return later(() => runCall(context, close, [fd]))
    }
    releaseFD() {
      const fd = this.#fd
      this.#fd = -1
      return fd
    }
    onread() {}
  }
  Object.defineProperty(FileHandle, 'name', { value: 'FileHandle' })
  registerFileHandle()

  /** A handle that goes to another thread opens the file again there; within this one it keeps its place in the file. */
  function registerFileHandle() {
    const moving = new Map<string, Descriptor>()
    hostObjectsOf(context).register({
      name: 'fs:FileHandle',
      Class: FileHandle,
      transfer(handle): MovedFile {
        const fd = (handle as FileHandle).releaseFD()
        const descriptor = descriptors.get(fd)
        descriptors.close(fd)
        const id = natives.crypto.getRandomValues(new Uint32Array(4)).join()
        if (descriptor) moving.set(id, descriptor)
        return { id, path: descriptor?.file.path ?? '', flags: (descriptor?.flags ?? 0) & ~onlyOnce }
      },
      restore({ id, path, flags }: MovedFile) {
        const own = moving.get(id)
        moving.delete(id)
        return new FileHandle(own ? descriptors.add(own) : fs.open(path, flags, 0))
      },
    })
  }

  /** Does it now and answers in a later turn. */
  function later<Result>(task: () => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const operation = new AsyncResource('FSREQPROMISE')
    const settle = (how: () => void) =>
      context.defer(() => {
        how()
        operation.destroyAsyncId()
      })
    try {
      const value = task()
      settle(() => resolve(value))
    } catch (error) {
      settle(() => reject(error))
    }
    return promise
  }

  /** The call in the three forms that the library uses: now, with a request to call back, or as a promise. */
  function bind(call: Call) {
    return (...values: unknown[]) => {
      assertArguments(context, call, values)
      const index = values.findIndex((value) => value === usePromises || value instanceof FSReqCallback)
      if (index === -1) return runCall(context, call, values)
      const given = values.slice(0, index)
      const request = values[index]
      const task = () => runCall(context, call, given)
      const wait = call.syscall === 'read' ? descriptors.get(Number(given[0]))?.whenReadable : undefined
      if (wait !== undefined) return waiting(wait, task, request)
      if (request === usePromises) return later(task)
      complete(request as Request, task)
      return undefined
    }
  }

  /** A read of input that has yet to come. */
  function waiting(wait: () => Promise<void>, task: () => unknown, request: unknown) {
    const release = context.hold()
    const read = async (): Promise<unknown> => {
      try {
        return task()
      } catch (error) {
        if ((error as { code?: string }).code !== 'EAGAIN') throw error
        await wait()
        return read()
      }
    }
    const outcome = read().finally(release)
    if (request === usePromises) return outcome
    outcome.then(
      (value) => complete(request as Request, () => value),
      (error) =>
        complete(request as Request, () => {
          throw error
        }),
    )
    return undefined
  }

  function complete(request: Request, task: () => unknown) {
    let answer: unknown[]
    try {
      const value = task()
      answer = value === undefined ? [null] : [null, value]
    } catch (error) {
      answer = [error]
    }
    context.defer(() => {
      request.makeCallback('oncomplete', ...answer)
      request.destroyAsyncId()
    })
  }

  const { close } = fs.calls as Record<string, Call> & { close: Call }
  const openHandle: Call = {
    syscall: 'open',
    paths: 1,
    run: (path: string, flags: number, mode: number) => new FileHandle(fs.open(path, flags, mode)),
  }
  const bound = Object.fromEntries(
    Object.entries({ ...fs.calls, openFileHandle: openHandle }).map(([name, call]) => [name, bind(call)]),
  )

  return {
    ...context.constants('fs'),
    ...bound,
    ...createCopyCalls(context, fs),
    ...forgiving(bound),
    kUsePromises: usePromises,
    kFsStatsFieldsNumber: 18,
    statValues: new Float64Array(36),
    bigintStatValues: new BigInt64Array(36),
    FSReqCallback,
    FileHandle,
    StatWatcher: watching.StatWatcher,
    FSEvent: watching.FSEvent,
    handleType: descriptors.handleType,
    descriptors,
    toAbsolute: fs.toAbsolute,
    complete,
    ...wholeFiles(context, fs, descriptors),
  }
}

/** The forms of `stat` that answer `undefined` for what is not there. */
function forgiving(bound: Record<string, (...values: unknown[]) => unknown>): Binding {
  const isMissing = (error: unknown) =>
    error instanceof Error && 'code' in error && /^(ENOENT|ENOTDIR)$/.test(String(error.code))
  const quiet =
    (name: string, isQuiet: (flag: unknown) => boolean) =>
    (...values: unknown[]) => {
      if (values[2] !== undefined || !isQuiet(values[3])) return bound[name]?.(...values)
      try {
        return bound[name]?.(...values)
      } catch (error) {
        if (name === 'fstat' || isMissing(error)) return undefined
        throw error
      }
    }
  return {
    stat: quiet('stat', (throwIfNoEntry) => throwIfNoEntry === false),
    lstat: quiet('lstat', (throwIfNoEntry) => throwIfNoEntry === false),
    fstat: quiet('fstat', (shouldNotThrow) => shouldNotThrow === true),
  }
}

function wholeFiles(context: BindingContext, fs: FsCalls, descriptors: ReturnType<typeof createDescriptors>): Binding {
  const opening = (path: string | number, flags: number, mode: number) =>
    typeof path === 'number' ? path : (runCall(context, fs.calls.open as Call, [path, flags, mode]) as number)
  /** Opens, uses and closes; a descriptor that was given stays open. */
  function withFile<Result>(path: string | number, flags: number, mode: number, use: (fd: number) => Result): Result {
    const fd = opening(path, flags, mode)
    try {
      return use(fd)
    } finally {
      if (typeof path !== 'number') descriptors.close(fd)
    }
  }
  const readRest: Call = {
    syscall: 'read',
    paths: 0,
    run(fd: number) {
      const file = descriptors.get(fd)?.file
      if (file === undefined) throw context.uvError('EBADF', 'read')
      return file
    },
  }
  return {
    existsSync(path: string) {
      try {
        fs.statOf(fs.toAbsolute(path), true)
        return path.length > 0
      } catch {
        return false
      }
    },
    readFileUtf8: (path: string | number, flags: number) =>
      withFile(path, flags, 0o666, (fd) => {
        const file = runCall(context, readRest, [fd]) as {
          content(): Uint8Array
          read(target: Uint8Array, position: null): number
          stat(): { size: number }
        }
        if (typeof path !== 'number')
          return decodeText(
            guarded(context, () => file.content()),
            'utf8',
          )
        return decodeText(
          guarded(context, () => readToEnd(file)),
          'utf8',
        )
      }),
    writeFileUtf8: (path: string | number, text: string, flags: number, mode: number) =>
      withFile(path, flags, mode, (fd) => {
        runCall(context, fs.calls.writeBuffer as Call, [fd, encodeText(text, 'utf8'), 0, null, null])
      }),
    internalModuleStat(first: unknown, second?: unknown) {
      const kind = statKind(fs, String(typeof first === 'string' ? first : second))
      if (kind === null) return context.errnoOf('ENOENT')
      return kind === 'directory' ? 1 : 0
    },
    ...createModuleLookups(context, (path) => statKind(fs, path)),
  }
}

function readToEnd(file: { read(target: Uint8Array, position: null): number }): Uint8Array {
  const chunks: Uint8Array[] = []
  for (;;) {
    const chunk = new Uint8Array(65_536)
    const count = file.read(chunk, null)
    if (count === 0) break
    chunks.push(chunk.subarray(0, count))
  }
  return joinBytes(chunks)
}

function guarded<Result>(context: BindingContext, read: () => Result): Result {
  return runCall(context, { syscall: 'read', paths: 0, run: read }, []) as Result
}

const maxFd = 2 ** 31 - 1
const copyModes = 7

/** What Node checks in C++: descriptors, and the mode of `copyFile`. */
function assertArguments({ nodeError }: BindingContext, { syscall, paths }: Call, values: unknown[]) {
  if (paths === 0) assertInteger(nodeError, 'fd', values[0], maxFd)
  if (syscall === 'copyfile') assertInteger(nodeError, 'mode', values[2] ?? 0, copyModes)
}

function assertInteger(nodeError: BindingContext['nodeError'], name: string, value: unknown, max: number) {
  if (typeof value !== 'number') throw nodeError('ERR_INVALID_ARG_TYPE', name, 'number', value)
  if (!Number.isInteger(value)) throw nodeError('ERR_OUT_OF_RANGE', name, 'an integer', value)
  if (value < 0 || value > max) throw nodeError('ERR_OUT_OF_RANGE', name, `>= 0 && <= ${max}`, value)
}

/** Runs a call; what fails names the call and the paths as the caller gave them. */
export function runCall(context: BindingContext, { syscall, paths, run }: Call, values: unknown[]): unknown {
  try {
    return run(...(values as never[]))
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) throw error
    const isRead = 'syscall' in error && error.syscall === 'read' && syscall === 'open'
    const shown = values.slice(0, paths).map((path) => toText(path, syscall))
    throw context.uvError(String(error.code), syscall, isRead ? {} : { path: shown[0], dest: shown[1] })
  }
}

function toText(path: unknown, syscall: string): string {
  const text =
    typeof path === 'string' ? path : ArrayBuffer.isView(path) ? decodeText(bytesOf(path), 'utf8') : String(path)
  return syscall === 'mkdtemp' ? `${text}XXXXXX` : text
}

export const createFsEventBinding = ({ internalBinding }: BindingContext): Binding => ({
  FSEvent: internalBinding('fs').FSEvent,
})

interface FsInternals {
  FSReqCallback: new () => object
  readdir(path: string, encoding: string, withTypes: true): [names: unknown[], types: number[]]
  complete(request: Request, task: () => unknown): void
}

/** `opendir`: the names as they were when it was opened, some at a time. */
export function createFsDirBinding(context: BindingContext): Binding {
  const fs = () => context.internalBinding('fs') as unknown as FsInternals
  const isRequest = (value: unknown): value is Request => value instanceof fs().FSReqCallback

  class DirHandle {
    readonly #entries: unknown[]
    constructor(names: readonly unknown[], types: readonly number[]) {
      this.#entries = names.flatMap((name, index) => [name, types[index]])
    }
    read(_encoding: string, count: number, request?: unknown) {
      const task = () => (this.#entries.length === 0 ? null : this.#entries.splice(0, count * 2))
      return isRequest(request) ? fs().complete(request, task) : task()
    }
    close(request?: unknown) {
      if (isRequest(request)) fs().complete(request, () => undefined)
    }
    getAsyncId() {
      return 0
    }
  }
  function open(path: string, encoding: string) {
    return runCall(
      context,
      { syscall: 'opendir', paths: 1, run: () => new DirHandle(...fs().readdir(path, encoding, true)) },
      [path],
    )
  }
  return {
    DirHandle,
    opendir(path: string, encoding: string, request?: unknown) {
      if (!isRequest(request)) return open(path, encoding)
      fs().complete(request, () => open(path, encoding))
      return undefined
    },
    opendirSync: (path: string) => open(path, 'utf8'),
  }
}
