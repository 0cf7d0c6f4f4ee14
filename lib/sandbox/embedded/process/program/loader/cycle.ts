import { basename } from '../builtins/path'
import { dynamicHelpers, exportName, replaceAll, rewriteDynamic, usesDynamic } from './emit'
import { errorAt, placeAt } from './errors'
import type { GraphNode, Target } from './graph'
import { type ImportedName, type ModuleSyntax, readModule } from './module-syntax'
import type { MergedLines } from './stack'

export interface CycleOptions {
  registry: string
  urlOf(target: Target): string
  /** All export names of a module outside of the cycle. */
  namesOf(target: Target): Set<string>
}

export interface MergedCycle {
  code: string
  /** Where each file's lines went. */
  lines: MergedLines[]
  /** Path → code of a module that re-exports this member from the merged module's URL. */
  facades: Map<string, (mergedUrl: string) => string>
}

/** A name as the merged module knows it; the key is equal for equal bindings. */
type Binding =
  | { kind: 'local'; key: string; name: string }
  | { kind: 'external'; key: string; name: string; imported: string; target: Target }
  | { kind: 'namespace'; key: string; name: string; member: Member }

interface Member {
  node: GraphNode
  syntax: ModuleSyntax
  suffix: string
}

/**
 * Modules that import each other cannot have blob URLs of their own (a URL is known only after the content it would
 * have to name). They become one module: their top scopes are laid into one, in evaluation order, so that hoisting,
 * temporal dead zones and live bindings stay the language's own. Names change only where two would collide.
 */
export function mergeCycle(component: readonly GraphNode[], options: CycleOptions): MergedCycle {
  const members = component.map((node, index): Member => {
    const defaultName = `${basename(node.source.path).replace(/\W.*$/, '') || 'module'}_default`
    return { node, syntax: readModule(node.source, defaultName), suffix: `_${index}` }
  })
  const byPath = new Map(members.map((member) => [member.node.source.path, member]))
  const scope = createScope(byPath, options)

  const bindings = new Map(members.map((member) => [member, bindingsOf(member, scope)]))
  const exports = new Map(members.map((member) => [member, scope.exportsOf(member)]))
  const all = [...bindings.values(), ...exports.values()].flatMap((own) => [...own.values()])
  const used = [...new Map(all.map((binding) => [binding.key, binding])).values()]
  const names = chooseNames(members, bindings, used)
  const finalName = (binding: Binding) => names.get(binding.key) ?? binding.name

  const bodies = members.map(({ node, syntax, suffix }, index) => {
    const own = bindings.get(members[index] as Member)
    const rename = (name: string) => {
      const binding = own?.get(name)
      return binding === undefined ? name : finalName(binding)
    }
    return `${replaceAll(node.source.code, [...syntax.rewrite(rename), ...rewriteDynamic(node.source, suffix)])}\n;`
  })

  const head = headerOf(members, used, { finalName, options, exports })
  const helpers = members
    .filter(({ node }) => usesDynamic(node.source))
    .map(({ node, suffix }) => dynamicHelpers(node.source.path, options.registry, suffix))
  const published = used.filter(({ kind }) => kind !== 'external').map(finalName)
  const outer = new Map([...new Set(published)].map((name, index) => [name, `e${index}`]))
  const clause = [...outer].map(([name, alias]) => `${name} as ${alias}`).join(', ')

  return {
    code: `${head}\n${bodies.join('\n')}${helpers.join('')}\nexport { ${clause} }`,
    lines: linesOf(members, bodies),
    facades: new Map(
      members.map((member) => [member.node.source.path, (url) => facade(exports.get(member), url)] as const),
    ),
  }

  function facade(own: Map<string, Binding> | undefined, url: string): string {
    const lines = [...(own ?? [])].map(([name, binding]) => {
      if (binding.kind !== 'external')
        return `export { ${outer.get(finalName(binding))} as ${exportName(name)} } from "${url}"`
      const from = options.urlOf(binding.target)
      return binding.imported === '*'
        ? `export * as ${exportName(name)} from "${from}"`
        : `export { ${exportName(binding.imported)} as ${exportName(name)} } from "${from}"`
    })
    return [`import "${url}"`, ...lines].join('\n')
  }
}

interface Scope {
  /** What a name imported by a member means. */
  imported(member: Member, name: ImportedName): Binding
  exportsOf(member: Member): Map<string, Binding>
}

function createScope(byPath: Map<string, Member>, options: CycleOptions): Scope {
  const memberOf = (target: Target) => (target.kind === 'file' ? byPath.get(target.path) : undefined)
  const targetOf = (member: Member, specifier: string) => member.node.targets.get(specifier)

  function fromTarget(target: Target, imported: string, local: string, seen: Set<string>): Binding | null {
    const member = memberOf(target)
    if (member === undefined) {
      const id = target.kind === 'file' ? target.path : `node:${target.name}`
      if (imported !== '*' && !options.namesOf(target).has(imported)) return null
      return { kind: 'external', key: `external ${id} ${imported}`, name: local, imported, target }
    }
    const path = member.node.source.path
    if (imported === '*') return { kind: 'namespace', key: `namespace ${path}`, name: local, member }
    return fromMember(member, imported, seen)
  }

  function fromMember(member: Member, name: string, seen: Set<string>): Binding | null {
    const path = member.node.source.path
    if (seen.has(`${path} ${name}`)) return null
    seen.add(`${path} ${name}`)
    const local = member.syntax.exported.get(name)
    if (local !== undefined) return ofLocal(member, local, seen)
    const again = member.syntax.imported.find(({ exported }) => exported === name)
    const target = again === undefined ? undefined : targetOf(member, again.specifier)
    if (again !== undefined && target !== undefined) return fromTarget(target, again.imported, name, seen)
    if (name === 'default') return null
    const found = member.syntax.stars.flatMap((specifier) => {
      const source = targetOf(member, specifier)
      return (source === undefined ? null : fromTarget(source, name, name, seen)) ?? []
    })
    // Two stars that mean different things make the name ambiguous, hence absent.
    return new Set(found.map(({ key }) => key)).size === 1 ? (found[0] ?? null) : null
  }

  function ofLocal(member: Member, local: string, seen: Set<string>): Binding | null {
    const again = member.syntax.imported.find((name) => name.local === local)
    const target = again === undefined ? undefined : targetOf(member, again.specifier)
    if (again !== undefined && target !== undefined) return fromTarget(target, again.imported, local, seen)
    return { kind: 'local', key: `local ${member.node.source.path} ${local}`, name: local }
  }

  function namesOf(member: Member, seen: Set<Member>): Set<string> {
    if (seen.has(member)) return new Set()
    seen.add(member)
    const { exported, imported, stars } = member.syntax
    const names = new Set([...exported.keys(), ...imported.flatMap((name) => name.exported ?? [])])
    for (const specifier of stars) {
      const target = targetOf(member, specifier)
      if (target === undefined) continue
      const inner = memberOf(target)
      const more = inner === undefined ? options.namesOf(target) : namesOf(inner, seen)
      for (const name of more) if (name !== 'default') names.add(name)
    }
    return names
  }

  return {
    imported(member, name) {
      const target = targetOf(member, name.specifier)
      const local = name.local ?? name.exported ?? name.imported
      const binding = target === undefined ? null : fromTarget(target, name.imported, local, new Set())
      if (binding !== null) return binding
      const { path, code } = member.node.source
      const message = `The requested module '${name.specifier}' does not provide an export named '${name.imported}'`
      throw errorAt(new SyntaxError(message), placeAt(path, code, name.index))
    },
    exportsOf(member) {
      const out = new Map<string, Binding>()
      for (const name of [...namesOf(member, new Set())].sort()) {
        const binding = fromMember(member, name, new Set())
        if (binding !== null) out.set(name, binding)
      }
      return out
    },
  }
}

function bindingsOf(member: Member, scope: Scope): Map<string, Binding> {
  const { syntax, node } = member
  const out = new Map<string, Binding>()
  for (const name of syntax.declared) {
    out.set(name, { kind: 'local', key: `local ${node.source.path} ${name}`, name })
  }
  for (const name of syntax.imported) {
    const binding = scope.imported(member, name)
    if (name.local !== null) out.set(name.local, binding)
  }
  return out
}

/** Each binding keeps its name where nobody in the cycle means something else by it. */
function chooseNames(
  members: readonly Member[],
  bindings: Map<Member, Map<string, Binding>>,
  used: readonly Binding[],
): Map<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const isFree = (name: string, key: string) =>
    !taken.has(name) &&
    members.every((member) => !member.syntax.mentioned.has(name) || bindings.get(member)?.get(name)?.key === key)
  for (const { key, name } of used) {
    let candidate = name
    for (let count = 1; !isFree(candidate, key); count++) candidate = `${name}$${count}`
    names.set(key, candidate)
    taken.add(candidate)
  }
  return names
}

interface HeaderContext {
  finalName(binding: Binding): string
  options: CycleOptions
  exports: Map<Member, Map<string, Binding>>
}

/** One line: what the cycle imports from outside, in order, and the namespaces its members ask each other for. */
function headerOf(members: readonly Member[], used: readonly Binding[], context: HeaderContext): string {
  const paths = new Set(members.map(({ node }) => node.source.path))
  const lines: string[] = []
  for (const { node } of members) {
    for (const target of node.targets.values()) {
      if (target.kind === 'builtin' || !paths.has(target.path)) lines.push(`import "${context.options.urlOf(target)}"`)
    }
  }
  for (const { node, syntax } of members) {
    for (const [own, shown] of syntax.functions) {
      const name = context.finalName({ kind: 'local', key: `local ${node.source.path} ${own}`, name: own })
      if (name !== shown)
        lines.push(`Object.defineProperty(${name}, "name", { value: "${shown}", configurable: true })`)
    }
  }
  for (const binding of used) {
    const name = context.finalName(binding)
    if (binding.kind === 'external') {
      const clause = binding.imported === '*' ? `* as ${name}` : `{ ${exportName(binding.imported)} as ${name} }`
      lines.push(`import ${clause} from "${context.options.urlOf(binding.target)}"`)
    }
    if (binding.kind === 'namespace') {
      const getters = [...(context.exports.get(binding.member) ?? [])].map(
        ([key, value]) => `${JSON.stringify(key)}: { enumerable: true, get() { return ${context.finalName(value)} } }`,
      )
      const tag = `[Symbol.toStringTag]: { value: "Module" }`
      lines.push(`const ${name} = Object.preventExtensions(Object.create(null, { ${[...getters, tag].join(', ')} }))`)
    }
  }
  return lines.join('; ')
}

function linesOf(members: readonly Member[], bodies: readonly string[]): MergedLines[] {
  let firstLine = 2
  return members.map(({ node }, index) => {
    const lineCount = (bodies[index] ?? '').split('\n').length
    const lines = { file: node.source.path, firstLine, lineCount }
    firstLine += lineCount
    return lines
  })
}
