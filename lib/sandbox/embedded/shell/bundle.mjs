// esbuild plugin for the shell bundle: just-bash's browser build still imports node:zlib, which pako stands in for, and
// reads compressed files with Node's Buffer; its arithmetic does not stop at a `$` that begins nothing, and it takes every
// file that the PATH leads to for a script of its own.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const buffer = createRequire(import.meta.url).resolve('buffer/')

/** The loop that joins the parts of an operand (`1$x`). */
const joiningLoop =
  /(for\(;\w+\(\w+,(\w+)\);\)\{let\{expr:(\w+),pos:(\w+)\}=\w+\(\w+,\w+,\2,!0\);)(\w+\.push\(\3\),\2=\4\})/g

/**
 * `$((1 + $;))`, `let "x=$"`: a part without an end was looked for there again and again until no memory was left. It is
 * left over now, which is a syntax error.
 * @param {string} source
 */
function endArithmetic(source) {
  if (source.match(joiningLoop)?.length !== 1)
    throw new Error(
      'just-bash reads arithmetic in another way now: see whether `echo $((1 + $;))` ends without endArithmetic',
    )
  return source.replace(joiningLoop, '$1if($4===$2)break;$5')
}

/** Where a name was found on the PATH and is a file. */
const foundFile =
  /if\("script"in (\w+)\)return (\w+)\.includes\("\/"\)\|\|\((\w+)\.state.+?await \w+\(\1\.path,(\w+),\w+\);/g

/**
 * The shell's command for files runs it as its first line says.
 * @param {string} source
 */
function runAsProgram(source) {
  if (source.match(foundFile)?.length !== 1)
    throw new Error('just-bash runs files in another way now: see whether `PATH=$PWD:$PATH tool.js` needs runAsProgram')
  return source.replace(
    foundFile,
    (original, found, _name, context, args) =>
      `if("script"in ${found}&&${context}.commands.has(${JSON.stringify(programName)})){${args}=[${found}.path,...${args}];` +
      `${found}={cmd:${context}.commands.get(${JSON.stringify(programName)}),path:${found}.path}}${original}`,
  )
}

/** `programName` of path-commands.ts. */
const programName = 'vitrine:program'

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'shell',
  setup(build) {
    build.initialOptions.inject = ['vitrine-buffer']
    build.onResolve({ filter: /^vitrine-buffer$/ }, () => ({ path: 'buffer', namespace: 'global' }))
    build.onLoad({ filter: /.*/, namespace: 'global' }, () => ({
      contents: `export { Buffer } from ${JSON.stringify(buffer)}`,
      resolveDir: import.meta.dirname,
    }))
    build.onLoad({ filter: /[\\/]just-bash[\\/]dist[\\/]bundle[\\/]browser\.js$/ }, async ({ path }) => ({
      contents: runAsProgram(endArithmetic(await readFile(path, 'utf8'))),
    }))
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node' }))
    build.onLoad({ filter: /.*/, namespace: 'node' }, () => ({
      contents: `
        import { gzip, ungzip } from 'pako'
        export const gzipSync = (data, { level } = {}) => gzip(data, { level: level ?? 6 })
        export const gunzipSync = (data) => ungzip(data)
        export const constants = {}
        export default {}`,
      resolveDir: import.meta.dirname,
    }))
  },
}
