import type { Wire } from '../../../../../wire'
import type { FileStat, OpenFile } from '../../../../host'
import { natives } from '../../natives'
import { encodeText } from '../codec'
import type { BindingContext } from '../context'
import { isTerminal } from '../tty-wrap'

/** The order of `handleTypes` in lib/internal/util.js. */
const handleTypes = { TCP: 0, TTY: 1, UDP: 2, FILE: 3, PIPE: 4, UNKNOWN: 5, INVALID: 6 }

/** What a descriptor stands for, as `fstat` tells it. */
export type DescriptorKind = 'file' | 'device' | 'pipe'

export interface Descriptor {
  kind: DescriptorKind
  file: OpenFile
  /** Of `open`, for opening it again in another thread. */
  flags?: number
  /** Of input that may still come: settles when a read that answered EAGAIN has something, or the end. */
  whenReadable?(): Promise<void>
  /** The other side learns that no more comes. */
  end?(): void
}

/** The open files of the process, by number; 0, 1 and 2 are its standard streams. */
export interface Descriptors {
  add(descriptor: Descriptor): number
  get(fd: number): Descriptor | undefined
  close(fd: number): boolean
  handleType(fd: number): number
  /** A device or standard stream by its path in /dev or /proc/self/fd, else null. */
  device(path: string): Descriptor | null
}

const noTimes: Omit<FileStat, 'kind' | 'mode'> = {
  size: 0,
  ino: 1,
  links: 1,
  mtimeMs: 0,
  atimeMs: 0,
  ctimeMs: 0,
  birthtimeMs: 0,
  uid: 1000,
  gid: 1000,
}

export function createDescriptors(context: BindingContext): Descriptors {
  const open = new Map<number, Descriptor>([
    [0, createInput(context)],
    [1, { kind: 'pipe', file: createStream(context, 'stdout') }],
    [2, { kind: 'pipe', file: createStream(context, 'stderr') }],
  ])
  const devices: Record<string, () => OpenFile> = {
    '/dev/null': () => createDevice('/dev/null', () => 0),
    '/dev/zero': () => createDevice('/dev/zero', (target) => target.fill(0).length),
    '/dev/urandom': () => createDevice('/dev/urandom', fillRandom),
    '/dev/random': () => createDevice('/dev/random', fillRandom),
    '/proc/sys/kernel/hostname': () => createText('/proc/sys/kernel/hostname', 'vitrine\n'),
  }
  const closed = new Set<number>()
  /** Also a pipe that the parent opened. */
  function get(fd: number): Descriptor | undefined {
    const known = open.get(fd)
    const wire = known === undefined && fd > 2 && !closed.has(fd) ? context.host.kernel?.descriptor(fd) : null
    if (!wire) return known
    const made = createPipe(context, fd, wire)
    open.set(fd, made)
    return made
  }
  const streams: Record<string, number> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 }
  return {
    add(descriptor) {
      let fd = 3
      while (get(fd)) fd++
      open.set(fd, descriptor)
      return fd
    },
    get,
    close(fd) {
      const known = get(fd)
      known?.end?.()
      if (fd > 2 && known?.kind === 'pipe') closed.add(fd)
      return open.delete(fd)
    },
    handleType(fd) {
      if (isTerminal(context, fd)) return handleTypes.TTY
      // Output is written at once and in order, as to a file.
      if (fd === 1 || fd === 2) return handleTypes.FILE
      if (fd === 0) return handleTypes.PIPE
      const known = get(fd)
      if (known === undefined) return handleTypes.INVALID
      if (known.kind === 'pipe') return handleTypes.PIPE
      return known.kind === 'device' ? handleTypes.UNKNOWN : handleTypes.FILE
    },
    device(path) {
      const make = devices[path]
      if (make !== undefined) return { kind: path.startsWith('/dev/') ? 'device' : 'file', file: make() }
      const number = streams[path] ?? /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1]
      return number === undefined ? null : (get(Number(number)) ?? null)
    },
  }
}

function fillRandom(target: Uint8Array): number {
  for (let at = 0; at < target.byteLength; at += 65_536) {
    natives.crypto.getRandomValues(target.subarray(at, at + 65_536) as Uint8Array<ArrayBuffer>)
  }
  return target.byteLength
}

function createDevice(path: string, read: (target: Uint8Array) => number): OpenFile {
  return {
    path,
    read,
    write: (data) => data.byteLength,
    content: () => new Uint8Array(),
    truncate: () => undefined,
    stat: () => ({ ...noTimes, kind: 'file', mode: 0o666 }),
    utimes: () => undefined,
    chmod: () => undefined,
    chown: () => undefined,
  }
}

/** A file that is there for whoever reads it. */
function createText(path: string, text: string): OpenFile {
  const bytes = encodeText(text, 'utf8')
  let position = 0
  return {
    ...createDevice(path, () => 0),
    read(target, at) {
      const from = at ?? position
      const part = bytes.subarray(from, from + target.byteLength)
      target.set(part)
      if (at === null) position += part.byteLength
      return part.byteLength
    },
    content: () => bytes.slice(),
    stat: () => ({ ...noTimes, kind: 'file', mode: 0o755, size: bytes.byteLength }),
  }
}

type HeldStdin = BindingContext['host']['stdin'] & Held

/** Standard input. */
function createInput(context: BindingContext): Descriptor {
  const file = createStream(context, 'stdin')
  const input = createReader((taker) => {
    const stdin: HeldStdin = context.host.stdin
    stdin.onData(taker)
    stdin.onEnd(() => taker(null))
    return stdin
  })
  return {
    kind: 'pipe',
    file: { ...file, read: (target, position) => input.read(target) ?? file.read(target, position) },
    whenReadable: input.whenReadable,
  }
}

/** A pipe from the parent, both ways. */
function createPipe(context: BindingContext, fd: number, wire: Wire): Descriptor {
  const input = createReader((taker) => {
    wire.onData(taker)
    return wire
  })
  return {
    kind: 'pipe',
    file: {
      ...createStream(context, 'stdin'),
      path: `/proc/self/fd/${fd}`,
      read(target) {
        const length = input.read(target)
        if (length === null) throw context.uvError('EAGAIN', 'read')
        return length
      },
      write(data) {
        wire.write(data.slice())
        return data.byteLength
      },
    },
    whenReadable: input.whenReadable,
    end: () => wire.end(),
  }
}

type Held = Partial<{ pause(): void; resume(): void }>

/** What comes, taken one piece after another, and only when somebody waits for it. */
function createReader(listen: (taker: (data: Uint8Array | null) => void) => Held) {
  const pieces: Uint8Array[] = []
  let hasEnded = false
  let source: Held | undefined
  let readable = Promise.withResolvers<void>()
  return {
    /** Null when there is nothing yet. */
    read(target: Uint8Array): number | null {
      const piece = pieces.shift()
      if (piece === undefined) return hasEnded ? 0 : null
      const part = piece.subarray(0, target.byteLength)
      target.set(part)
      if (part.byteLength < piece.byteLength) pieces.unshift(piece.subarray(part.byteLength))
      return part.byteLength
    },
    whenReadable(): Promise<void> {
      if (pieces.length > 0 || hasEnded) return Promise.resolve()
      readable = Promise.withResolvers()
      if (source) source.resume?.()
      else {
        source = listen((data) => {
          if (data) pieces.push(data)
          else hasEnded = true
          source?.pause?.()
          readable.resolve()
        })
      }
      return readable.promise
    },
  }
}

/** A standard stream, read and written without waiting. */
function createStream(context: BindingContext, name: 'stdin' | 'stdout' | 'stderr'): OpenFile {
  let position = 0
  const input = () => {
    const { complete } = context.host.stdin
    // What may still come cannot be waited for here; Node says the same of a terminal that has nothing yet.
    if (complete == null) throw context.uvError('EAGAIN', 'read')
    return complete
  }
  return {
    path: `/dev/${name}`,
    read(target) {
      const part = input().subarray(position, position + target.byteLength)
      target.set(part)
      position += part.byteLength
      return part.byteLength
    },
    write(data) {
      if (name === 'stdin') throw context.uvError('EBADF', 'write')
      context.host[name](data.slice())
      return data.byteLength
    },
    content() {
      const left = input().slice(position)
      position += left.byteLength
      return left
    },
    truncate() {
      throw context.uvError('EINVAL', 'ftruncate')
    },
    stat: () => ({ ...noTimes, kind: 'file', mode: 0o600 }),
    utimes: () => undefined,
    chmod: () => undefined,
    chown: () => undefined,
  }
}
