import { dirname } from '../../process/program/builtins/path'
import { isInPackages } from '../paths'
import { absolute, findGlobbed, literalStart, type SourcePlace, specifierOf } from './globs'

const template = '`(?:[^`\\\\]|\\\\.)*?\\$\\{[^`]*`'
const quoted = `'[^'\\n]*'|"[^"\\n]*"`
const sum = `(?:${quoted})\\s*\\+\\s*[\\w$.]+(?:\\s*\\+\\s*(?:${quoted}|[\\w$.]+))*`
const call = new RegExp(`\\b(import|require)\\(\\s*(\\/\\*[\\s\\S]*?\\*\\/\\s*)?(${template}|${sum})\\s*\\)`, 'g')

/**
 * `import(`./pages/${name}.vue`)` as a choice among the files that it may mean; what may mean anything is left to the
 * browser. A bundler without a disk cannot look for them itself. Lines stay.
 */
export function expandDynamicImports(code: string, place: SourcePlace): string {
  if (!/\b(?:import|require)\(/.test(code)) return code
  return code.replace(call, (whole, how: string, comment: string | undefined, address: string) => {
    // In a package only what the bundler would look for: the rest may be text that looks like code.
    if (isInPackages(place.path) && !/^.\.{1,2}\//.test(address)) return whole
    const lines = '\n'.repeat(whole.split('\n').length - address.split('\n').length)
    const pattern = patternOf(address)
    const resolved = place.resolveAlias(pattern)
    const isOfProject = /^\.{0,2}\//.test(resolved) && /\.\w+$/.test(pattern) && !/@vite-ignore/.test(comment ?? '')
    if (!isOfProject || literalStart(resolved) === resolved) return `${how}(String(${address})${lines})`
    const start = literalStart(pattern)
    const startOnDisk = literalStart(absolute(resolved, place.project, dirname(place.path))).length
    const files = findGlobbed([pattern], place).map((file) => {
      // As the code will say it: `../pages/` and what follows.
      const key = JSON.stringify(start + file.slice(startOnDisk))
      return `${key}: () => ${how}(${JSON.stringify(specifierOf(file, place))})`
    })
    return `${how === 'import' ? chooseLater : chooseNow}({${files.join(', ')}}, ${address}${lines})`
  })
}

const missing = `new Error("There is no file for this dynamic import: " + path)`
const chooseLater = `((files, path) => files[path]?.() ?? Promise.reject(${missing}))`
const chooseNow = `((files, path) => { if (files[path]) return files[path](); throw ${missing} })`

/** Each expression stands for a part of one name. */
function patternOf(address: string): string {
  if (address.startsWith('`')) return address.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, '*')
  return [...address.matchAll(/'([^']*)'|"([^"]*)"|[\w$.]+/g)].map(([, one, two]) => one ?? two ?? '*').join('')
}
