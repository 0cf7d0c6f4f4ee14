import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { CommandContext, Commands, Result } from '../command'
import { openOperand } from './operands'
import { CommandFailure, readToolOptions } from './tool-options'

const hashes = { sha1sum: sha1, sha256sum: sha256, sha384sum: sha384, sha512sum: sha512 }

/** The sums that just-bash takes from WebCrypto, which an opaque origin does not have. */
export const checksumCommands: Commands = Object.fromEntries(
  Object.entries(hashes).map(([tool, hash]) => [tool, (args, context) => checksum(tool, hash, { args, context })]),
)

interface Call {
  args: readonly string[]
  context: CommandContext
}

async function checksum(
  tool: string,
  hash: (bytes: Uint8Array) => Uint8Array,
  { args, context }: Call,
): Promise<Result> {
  try {
    const options = readToolOptions(tool, args, {
      flags: { '--check': ['-c'], '--binary': ['-b'], '--text': ['-t'], '--quiet': [], '--status': [] },
    })
    const names = [...options.words, ...(options.paths ?? [])]
    const result: Result = { stdout: '', stderr: '', exitCode: 0 }
    const sumOf = async (name: string) => {
      const operand = await openOperand(context, name)
      if (operand?.kind === 'file') return toHex(hash(operand.bytes))
      result.stderr += `${tool}: ${name}: ${operand ? 'Is a directory' : 'No such file or directory'}\n`
      result.exitCode = 1
      return null
    }
    for (const name of names.length > 0 ? names : ['-']) {
      if (!options.has('--check')) {
        const sum = await sumOf(name)
        if (sum !== null) result.stdout += `${sum}  ${name}\n`
        continue
      }
      const list = await openOperand(context, name)
      if (list?.kind !== 'file') throw new CommandFailure(`${tool}: ${name}: No such file or directory`, 1)
      let failed = 0
      let known = 0
      for (const line of new TextDecoder().decode(list.bytes).split('\n')) {
        const [, wanted, file] = /^([0-9a-f]+) [ *](.+)$/.exec(line) ?? []
        if (wanted === undefined || file === undefined) continue
        known += 1
        const isGood = (await sumOf(file)) === wanted
        if (!isGood) {
          failed += 1
          result.exitCode = 1
        }
        if (!options.has('--status') && !(isGood && options.has('--quiet')))
          result.stdout += `${file}: ${isGood ? 'OK' : 'FAILED'}\n`
      }
      if (known === 0) {
        result.exitCode = 1
        result.stderr += `${tool}: ${name === '-' ? "'standard input'" : name}: no properly formatted checksum lines found\n`
      }
      if (failed > 0 && !options.has('--status'))
        result.stderr += `${tool}: WARNING: ${failed} computed checksum${failed === 1 ? '' : 's'} did NOT match\n`
    }
    return result
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return { stdout: '', stderr: `${error.message}\n`, exitCode: error.exitCode }
  }
}

const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
