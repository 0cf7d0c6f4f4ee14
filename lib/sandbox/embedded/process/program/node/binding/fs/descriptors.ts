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
  /** A pipe that the parent opened. */
  function fromParent(fd: number): Descriptor | undefined {
    const wire = fd > 2 ? context.host.kernel?.descriptor(fd) : null
    if (!wire) return undefined
    return {
      kind: 'pipe',
      file: {
        ...createStream(context, 'stdin'),
        path: `/proc/self/fd/${fd}`,
        read() {
          throw context.uvError('EAGAIN', 'read')
        },
        write(data) {
          wire.write(data.slice())
          return data.byteLength
        },
      },
    }
  }
  const streams: Record<string, number> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 }
  return {
    add(descriptor) {
      let fd = 3
      while (open.has(fd)) fd++
      open.set(fd, descriptor)
      return fd
    },
    get: (fd) => open.get(fd) ?? fromParent(fd),
    close: (fd) => open.delete(fd),
    handleType(fd) {
      if (isTerminal(context, fd)) return handleTypes.TTY
      // Output is written at once and in order, as to a file.
      if (fd === 1 || fd === 2) return handleTypes.FILE
      if (fd === 0) return handleTypes.PIPE
      const known = open.get(fd)
      if (known === undefined) return fromParent(fd) ? handleTypes.PIPE : handleTypes.INVALID
      return known.kind === 'device' ? handleTypes.UNKNOWN : handleTypes.FILE
    },
    device(path) {
      const make = devices[path]
      if (make !== undefined) return { kind: path.startsWith('/dev/') ? 'device' : 'file', file: make() }
      const number = streams[path] ?? /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1]
      return number === undefined ? null : (open.get(Number(number)) ?? null)
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

type HeldStdin = BindingContext['host']['stdin'] & Partial<{ pause(): void; resume(): void }>

/** Standard input: its bytes are taken one piece after another, and only when somebody waits for them. */
function createInput(context: BindingContext): Descriptor {
  const file = createStream(context, 'stdin')
  const pieces: Uint8Array[] = []
  let hasEnded = false
  let hasStarted = false
  let readable = Promise.withResolvers<void>()
  const arrived = (stdin: HeldStdin) => {
    stdin.pause?.()
    readable.resolve()
  }
  return {
    kind: 'pipe',
    file: {
      ...file,
      read(target, position) {
        const piece = pieces.shift()
        if (piece === undefined) return hasEnded ? 0 : file.read(target, position)
        const part = piece.subarray(0, target.byteLength)
        target.set(part)
        if (part.byteLength < piece.byteLength) pieces.unshift(piece.subarray(part.byteLength))
        return part.byteLength
      },
    },
    whenReadable() {
      const stdin: HeldStdin = context.host.stdin
      if (pieces.length > 0 || hasEnded) return Promise.resolve()
      readable = Promise.withResolvers()
      if (hasStarted) stdin.resume?.()
      else {
        hasStarted = true
        stdin.onData((data) => {
          pieces.push(data)
          arrived(stdin)
        })
        stdin.onEnd(() => {
          hasEnded = true
          arrived(stdin)
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
