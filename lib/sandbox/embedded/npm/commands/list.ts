import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import type { Terminal } from '../terminal'
import { type ArboristNode, readInstalledTree } from '../tree'
import { projectOf } from './install'

/** `npm ls`: what is installed, as a tree; exit code 1 when something is missing or wrong. */
export async function list(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host } = terminal
  const project = projectOf(terminal, args)
  const settings = readSettings(args.flags, host, project)
  const { treeOptions } = createInstaller({ host, project, settings, progress: createProgress(host) })
  const root = await readInstalledTree(treeOptions)
  const all = args.flags.has('all') || args.words.length > 0
  const entries = entriesOf(root, { all, only: new Set(args.words), seen: new Set() })
  if (args.flags.has('json')) {
    const dependencies = Object.fromEntries(entries.map((entry) => [entry.name, toJson(entry)]))
    terminal.say(JSON.stringify({ name: root.packageName, version: root.version, dependencies }, null, 2))
  } else {
    const label = root.packageName ? `${root.packageName}${root.version ? `@${root.version}` : ''} ` : ''
    terminal.say([`${label}${project}`, ...(entries.length > 0 ? draw(entries, '') : ['└── (empty)']), ''].join('\n'))
  }
  const wrong = problemsOf(root)
  if (wrong.length > 0) return terminal.fail(['code ELSPROBLEMS', ...wrong].join('\n'))
  return args.words.length > 0 && entries.length === 0 ? 1 : 0
}

interface Entry {
  name: string
  label: string
  version: string | null
  children: Entry[]
}

function entriesOf(
  node: ArboristNode,
  options: { all: boolean; only: ReadonlySet<string>; seen: Set<ArboristNode> },
): Entry[] {
  const { all, only, seen } = options
  const edges = [...node.edgesOut.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  return edges.flatMap((edge): Entry[] => {
    const { to } = edge
    if (!to) {
      const isWanted =
        edge.type !== 'peerOptional' && edge.type !== 'optional' && (only.size === 0 || only.has(edge.name))
      const label = `UNMET DEPENDENCY ${edge.name}@${edge.spec}`
      return isWanted ? [{ name: edge.name, label, version: null, children: [] }] : []
    }
    const isRepeated = seen.has(to)
    seen.add(to)
    const children = all && !isRepeated ? entriesOf(to.target, options) : []
    if (only.size > 0 && !only.has(edge.name) && children.length === 0) return []
    const alias = to.packageName === edge.name ? edge.name : `${edge.name}@npm:${to.packageName}`
    const notes = [isRepeated && all && 'deduped', !edge.valid && 'invalid', to.isLink && `-> ./${to.target.location}`]
    const label = [`${alias}@${to.version}`, ...notes.filter((note) => note !== false)].join(' ')
    return [{ name: edge.name, label, version: to.version, children }]
  })
}

function draw(entries: readonly Entry[], indent: string): string[] {
  return entries.flatMap(({ label, children }, index) => {
    const isLast = index === entries.length - 1
    const branch = children.length > 0 ? '┬' : '─'
    return [`${indent}${isLast ? '└' : '├'}─${branch} ${label}`, ...draw(children, `${indent}${isLast ? '  ' : '│ '}`)]
  })
}

function toJson({ version, children }: Entry): object {
  const dependencies = Object.fromEntries(children.map((child) => [child.name, toJson(child)]))
  return { ...(version && { version }), ...(children.length > 0 && { dependencies }) }
}

function problemsOf(root: ArboristNode): string[] {
  return [...root.inventory.values()].flatMap((node) =>
    [...node.edgesOut.values()].flatMap((edge) => {
      if (edge.valid || edge.type === 'peerOptional' || (edge.type === 'optional' && !edge.to)) return []
      const from = node.isRoot ? 'the root project' : `${node.packageName}@${node.version}`
      const what = edge.to ? `invalid: ${edge.name}@${edge.to.version}` : `missing: ${edge.name}@${edge.spec}`
      return [`${what}, required by ${from}`]
    }),
  )
}
