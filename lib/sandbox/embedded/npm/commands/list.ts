import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import type { Terminal } from '../terminal'
import { type ArboristEdge, type ArboristNode, readInstalledTree } from '../tree'
import { chosenWorkspaces } from '../workspaces'
import { projectOf } from './install'

/** `npm ls`: what is installed, as a tree; exit code 1 when something of it is missing or wrong. */
export async function list(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host } = terminal
  const { flags, words } = args
  if (flags.get('global') === true)
    return terminal.fail('There is nothing global in the sandbox. npm ls lists the project.')
  const project = projectOf(terminal, args)
  const settings = readSettings(flags, host, project)
  const { treeOptions } = createInstaller({ host, project, settings, progress: createProgress(host) })
  const root = await readInstalledTree(treeOptions)
  const depth = Number(flags.get('depth') ?? (flags.has('all') || words.length > 0 ? Number.POSITIVE_INFINITY : 0))
  const workspaces = chosenWorkspaces(terminal, args)?.map(({ folder }) => folder)
  const problems: string[] = []
  const entries = entriesOf(root, {
    depth,
    only: new Set(words),
    omit: new Set(settings.omit),
    isLinksOnly: flags.get('link') === true,
    workspaces: workspaces ? new Set(workspaces) : null,
    problems,
  })
  const label = root.packageName ? `${root.packageName}${root.version ? `@${root.version}` : ''} ` : ''
  if (flags.has('json')) terminal.say(JSON.stringify(toJson(root, entries, problems), null, 2))
  else if (flags.has('parseable')) terminal.say([project, ...pathsOf(entries)].join('\n'))
  else
    terminal.say([`${label}${project}`, ...(entries.length > 0 ? draw(entries, '') : ['└── (empty)']), ''].join('\n'))
  const isWrong = problems.some((problem) => !problem.startsWith('extraneous'))
  if (isWrong) return terminal.fail(['code ELSPROBLEMS', ...problems.sort()].join('\n'))
  return words.length > 0 && entries.length === 0 ? 1 : 0
}

interface ListOptions {
  depth: number
  only: ReadonlySet<string>
  omit: ReadonlySet<string>
  isLinksOnly: boolean
  workspaces: ReadonlySet<string> | null
  /** Found on the way. */
  problems: string[]
}

interface Entry {
  name: string
  label: string
  node: ArboristNode | null
  json: Record<string, unknown>
  children: Entry[]
}

function entriesOf(root: ArboristNode, options: ListOptions): Entry[] {
  const owners = firstPlaces(root, options)
  const walk = (node: ArboristNode, depth: number): Entry[] =>
    edgesOf(node, options).flatMap((edge): Entry[] => {
      const { to, name } = edge
      if (!to) return unmet(edge, options)
      const isRepeated = owners.get(to) !== edge
      // What workspaces depend on counts as the project's own.
      const below = to.isWorkspace ? depth : depth - 1
      const children = isRepeated || below < 0 ? [] : walk(to.target, below)
      if (options.only.size > 0 && !isMeant(options.only, to, name) && children.length === 0) return []
      return [
        present(edge, to, { children, isRepeated: isRepeated && (options.depth > 0 || !node.isProjectRoot), options }),
      ]
    })
  const strangers = [...root.children.values()].filter((node) => node.extraneous && options.only.size === 0)
  return [
    ...walk(root, options.depth),
    ...strangers.map((node) => {
      const problem = `extraneous: ${node.name}@${node.version} ${node.path}`
      options.problems.push(problem)
      return {
        name: node.name,
        label: `${node.name}@${node.version} extraneous`,
        node,
        json: { version: node.version, overridden: false, extraneous: true, problems: [problem] },
        children: [],
      }
    }),
  ].sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

function edgesOf(node: ArboristNode, { omit, isLinksOnly, workspaces }: ListOptions): ArboristEdge[] {
  return [...node.edgesOut.values()]
    .filter((edge) => {
      if (node.isProjectRoot && workspaces && !(edge.to && workspaces.has(edge.to.target.path))) return false
      if (node.isProjectRoot && isLinksOnly && !edge.to?.isLink) return false
      return !omit.has(edge.type) && (edge.to !== null || edge.type !== 'peerOptional')
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

/** The edge by which each package is met first, the nearest to the project; below others it is “deduped”. */
function firstPlaces(root: ArboristNode, options: ListOptions): ReadonlyMap<ArboristNode, ArboristEdge> {
  const owners = new Map<ArboristNode, ArboristEdge>()
  const waiting = [root]
  for (let node = waiting.shift(); node; node = waiting.shift()) {
    for (const edge of edgesOf(node, options)) {
      if (!edge.to || owners.has(edge.to)) continue
      owners.set(edge.to, edge)
      waiting.push(edge.to.target)
    }
  }
  return owners
}

const isMeant = (only: ReadonlySet<string>, { packageName, version }: ArboristNode, name: string) =>
  [name, packageName, `${name}@${version}`].some((word) => only.has(word))

function unmet({ name, spec, type, from }: ArboristEdge, { only, problems }: ListOptions): Entry[] {
  if (only.size > 0 && !only.has(name)) return []
  const isOptional = type === 'optional'
  const by = from.isProjectRoot ? rootLabel(from) : `${from.packageName}@${from.version}`
  const problem = `missing: ${name}@${spec}, required by ${by}`
  if (!isOptional) problems.push(problem)
  const json = isOptional ? {} : { required: spec, missing: true, problems: [problem] }
  return [
    { name, label: `UNMET ${isOptional ? 'OPTIONAL ' : ''}DEPENDENCY ${name}@${spec}`, node: null, json, children: [] },
  ]
}

const rootLabel = ({ packageName, version }: ArboristNode) =>
  packageName ? `${packageName}@${version}` : 'the root project'

interface Presence {
  children: Entry[]
  isRepeated: boolean
  options: ListOptions
}

function present(edge: ArboristEdge, to: ArboristNode, { children, isRepeated, options }: Presence): Entry {
  const alias = to.packageName === edge.name || to.isLink ? edge.name : `${edge.name}@npm:${to.packageName}`
  const isWrong = !edge.valid
  if (isWrong) options.problems.push(`invalid: ${edge.name}@${to.version} ${to.path}`)
  const by = edge.from.isProjectRoot ? 'the root project' : edge.from.location
  const notes = [
    isRepeated && 'deduped',
    isWrong && `invalid: "${edge.spec}" from ${by}`,
    to.extraneous && 'extraneous',
    to.isLink && `-> ./${to.target.location}`,
  ]
  return {
    name: edge.name,
    label: [`${alias}@${to.version}`, ...notes.filter((note) => note !== false)].join(' '),
    node: to,
    json: {
      version: to.version,
      ...(to.resolved && { resolved: to.resolved }),
      overridden: edge.overridden ?? false,
      ...(isWrong && { invalid: `"${edge.spec}" from ${by}` }),
    },
    children,
  }
}

function draw(entries: readonly Entry[], indent: string): string[] {
  return entries.flatMap(({ label, children }, index) => {
    const isLast = index === entries.length - 1
    const branch = children.length > 0 ? '┬' : '─'
    return [`${indent}${isLast ? '└' : '├'}─${branch} ${label}`, ...draw(children, `${indent}${isLast ? '  ' : '│ '}`)]
  })
}

function pathsOf(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap(({ node, children }) => [...(node ? [node.path] : []), ...pathsOf(children)]))]
}

function toJson(
  { version, packageName }: ArboristNode,
  entries: readonly Entry[],
  problems: readonly string[],
): object {
  return {
    ...(version && { version }),
    ...(packageName && { name: packageName }),
    ...(problems.length > 0 && { problems }),
    ...(entries.length > 0 && { dependencies: dependenciesOf(entries) }),
  }
}

function dependenciesOf(entries: readonly Entry[]): object {
  return Object.fromEntries(
    entries.map(({ name, json, children }) => [
      name,
      { ...json, ...(children.length > 0 && { dependencies: dependenciesOf(children) }) },
    ]),
  )
}
