import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findLibraryNode } from '../../../../../../scripts/node-library.mjs'

export interface OracleResult {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** What the real Node says to the same files and arguments; the judge of how programs must behave. */
export function runInNode(files: Record<string, string>, args: string[], stdin = ''): OracleResult {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const env = { ...process.env, HOME: folder, NODE_NO_WARNINGS: '1', NODE_OPTIONS: '', FORCE_COLOR: undefined }
    const { status, stdout, stderr } = spawnSync(findLibraryNode(), args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      input: stdin,
    })
    const here = (text: string) => text.replaceAll(folder, '/home/project')
    return { exitCode: status, stdout: here(stdout), stderr: here(stderr) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
