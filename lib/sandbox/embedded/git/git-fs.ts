import type { PromiseFsClient } from 'isomorphic-git'
import { fsError } from '../process/fs-error'
import type { VirtualFs } from '../process/host'

/** The machine's files as isomorphic-git wants them. It only touches the `.git` folder through this. */
export function createGitFs(fs: VirtualFs): PromiseFsClient {
  async function stat(path: string) {
    const { kind, size, mtimeMs, mode } = fs.stat(path)
    const type = kind === 'directory' ? 0o040000 : 0o100000
    return {
      ...{ size, mtimeMs, ctimeMs: mtimeMs, mode: type | mode, ino: 0, uid: 1, gid: 1, dev: 1 },
      isFile: () => kind === 'file',
      isDirectory: () => kind === 'directory',
      isSymbolicLink: () => false,
    }
  }
  return {
    promises: {
      async readFile(path: string, options?: { encoding?: string } | string) {
        const bytes = fs.readFile(path)
        const encoding = typeof options === 'string' ? options : options?.encoding
        return encoding ? new TextDecoder().decode(bytes) : bytes
      },
      writeFile: async (path: string, data: Uint8Array | string) => fs.writeFile(path, data),
      mkdir: async (path: string) => fs.mkdir(path),
      rmdir: async (path: string) => fs.rm(path, { recursive: true }),
      unlink: async (path: string) => fs.rm(path),
      readdir: async (path: string) => fs.readdir(path),
      stat,
      lstat: stat,
      async readlink(path: string): Promise<string> {
        throw fsError('EINVAL', 'readlink', path)
      },
      async symlink(_target: string, path: string) {
        throw fsError('EPERM', 'symlink', path)
      },
    },
  }
}
