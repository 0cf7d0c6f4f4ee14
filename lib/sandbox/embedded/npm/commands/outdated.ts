import semver from 'semver'
import { basename } from '@/lib/base'
import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import { createRegistry, type Registry } from '../registry/registry'
import type { Terminal } from '../terminal'
import { type ArboristEdge, readInstalledTree } from '../tree'
import { chosenWorkspaces } from '../workspaces'
import { projectOf } from './install'

interface Row {
  name: string
  current: string | undefined
  wanted: string
  latest: string
  dependent: string
  location: string | undefined
}

/** `npm outdated`: exit code 1 when something is, as npm has it. */
export async function outdated(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host, say } = terminal
  if (args.flags.get('global') === true) return 0
  const project = projectOf(terminal, args)
  const settings = readSettings(args.flags, host, project)
  const { treeOptions } = createInstaller({ host, project, settings, progress: createProgress(host) })
  const root = await readInstalledTree(treeOptions)
  const registry = createRegistry(host.fetchPackage)
  const chosen = chosenWorkspaces(terminal, args)?.map(({ folder }) => folder)
  const all = [root, ...[...root.inventory.values()].filter((node) => node.isWorkspace && !node.isLink)]
  const asking = all.filter(({ path }) => !chosen || chosen.includes(path))
  const edges = asking
    .flatMap((node) => [...node.edgesOut.values()])
    .filter(({ name }) => args.words.length === 0 || args.words.includes(name))
  const found = await Promise.all(edges.map((edge) => rowOf(edge, registry)))
  const rows = found.filter((row) => row !== null).sort((one, other) => one.name.localeCompare(other.name, 'en'))
  if (args.flags.has('json')) {
    const told = rows.map(({ name, location, ...row }) => [
      name,
      { ...row, ...(location && { location: `${project}/${location}` }) },
    ])
    say(JSON.stringify(Object.fromEntries(told), null, 2))
  } else if (rows.length > 0) say(draw(rows))
  return rows.length > 0 ? 1 : 0
}

async function rowOf({ name, spec, type, to, from }: ArboristEdge, registry: Registry): Promise<Row | null> {
  if (to?.isLink || type === 'workspace' || (!to && /optional/i.test(type)) || /^(?:file|workspace|link):/.test(spec))
    return null
  const [, alias, range] = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(spec) ?? []
  const { versions, 'dist-tags': tags } = await registry.packument(alias ?? name)
  const wants = (alias === undefined ? spec : range) || '*'
  const latest = tags.latest ?? ''
  const best = semver.satisfies(latest, wants) ? latest : semver.maxSatisfying(Object.keys(versions), wants)
  const wanted = tags[wants] ?? best ?? ''
  const current = to?.version
  if (current === wanted && (current === latest || semver.gt(current, latest))) return null
  const label = alias === undefined ? name : `${name}:${alias}@${range ?? ''}`.replace(/@$/, '')
  return {
    name: label,
    current,
    wanted,
    latest,
    dependent: from.packageName ?? basename(from.path),
    location: to?.location,
  }
}

function draw(rows: readonly Row[]): string {
  const table = [
    ['Package', 'Current', 'Wanted', 'Latest', 'Location', 'Depended by'],
    ...rows.map(({ name, current, wanted, latest, location, dependent }) => [
      ...[name, current ?? 'MISSING', wanted, latest],
      ...[location ?? '-', dependent],
    ]),
  ]
  const widths = table[0]?.map((_title, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  return table
    .map((row, line) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return line > 0 && column >= 1 && column <= 3 ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
