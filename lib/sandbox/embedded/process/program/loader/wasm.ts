/**
 * The ES module that a WebAssembly module is (https://github.com/WebAssembly/esm-integration): its imports are imports,
 * its exports are exports. It carries its bytes, and is compiled when it runs.
 */
export function codeOfWasm(bytes: Uint8Array): string {
  const module = new WebAssembly.Module(bytes.slice())
  const names = [...new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))]
  const imports = names.map((name, index) => `import * as i${index} from ${JSON.stringify(name)}`)
  const given = names.map((name, index) => `${JSON.stringify(name)}: i${index}`)
  const exports = WebAssembly.Module.exports(module).map(
    ({ name }, index) =>
      `const e${index} = instance.exports[${JSON.stringify(name)}]; export { e${index} as ${JSON.stringify(name)} }`,
  )
  return [
    ...imports,
    `const bytes = Uint8Array.from(atob("${toBase64(bytes)}"), (char) => char.charCodeAt(0))`,
    `const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { ${given.join(', ')} })`,
    ...exports,
  ].join('\n')
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 8192)
    text += String.fromCharCode(...bytes.subarray(index, index + 8192))
  return btoa(text)
}
