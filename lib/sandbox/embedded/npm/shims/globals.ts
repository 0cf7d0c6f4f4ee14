// Injected by the bundler wherever npm's library names Node's globals.
import { EventEmitter } from './events'

class ProcessShim extends EventEmitter {
  readonly version = 'v22.23.2'
  readonly versions = { node: '22.23.2' }
  readonly platform = 'linux'
  readonly arch = 'x64'
  readonly execPath = '/usr/bin/node'
  readonly env: Record<string, string | undefined> = {}
  readonly argv: string[] = []
  readonly stderr = { isTTY: false }
  readonly report = { excludeNetwork: true, getReport: () => ({ header: { glibcVersionRuntime: '2.36' } }) }
  cwd = (): string => '/home/project'
  nextTick = (run: (...values: unknown[]) => void, ...values: unknown[]): void => queueMicrotask(() => run(...values))
  emitWarning = (): void => undefined
}

const processShim = new ProcessShim()

/** Reached only for digests in other notations than base64. */
const BufferShim = {
  from(text: string, encoding: string): { toString(encoding: string): string } {
    const bytes =
      encoding === 'hex'
        ? (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
        : [...atob(text)].map((character) => character.charCodeAt(0))
    return {
      toString: (target) =>
        target === 'hex'
          ? bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
          : btoa(String.fromCharCode(...bytes)),
    }
  },
}

const globalShim = globalThis
const setImmediateShim = (run: (...values: unknown[]) => void, ...values: unknown[]) => setTimeout(run, 0, ...values)

export { BufferShim as Buffer, globalShim as global, processShim as process, setImmediateShim as setImmediate }
