import semver from 'semver'
import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import { createRegistry } from '../registry/registry'
import type { Terminal } from '../terminal'
import { readInstalledTree } from '../tree'
import { projectOf } from './install'

/** `npm view <name>[@range] [field]`. */
export async function view({ host, say, fail }: Terminal, { words, flags }: NpmArguments): Promise<number> {
  const [spec, ...fields] = words
  const [, name, range = 'latest'] = /^(@?[^@]+)(?:@(.*))?$/.exec(spec ?? '') ?? []
  if (name === undefined) return fail('Say which package: npm view <name>')
  const packument = await createRegistry(host.fetchPackage).packument(name)
  const version = packument['dist-tags'][range] ?? semver.maxSatisfying(Object.keys(packument.versions), range)
  const manifest = version === null ? undefined : packument.versions[version]
  if (!manifest) return fail(`code E404\nNo version of ${name} matches ${range}.`)
  const all: Record<string, unknown> = { ...packument, ...manifest, versions: Object.keys(packument.versions) }
  if (fields.length > 0) {
    const values = fields.map((field) => field.split('.').reduce<unknown>(valueAt, all))
    for (const value of values)
      say(typeof value === 'string' && !flags.has('json') ? value : JSON.stringify(value, null, 2))
    return 0
  }
  if (flags.has('json')) {
    say(JSON.stringify({ ...all, time: packument.time }, null, 2))
    return 0
  }
  const dependencies = Object.entries(manifest.dependencies ?? {})
  const tags = Object.entries(packument['dist-tags']).slice(0, 12)
  say(
    `\n${name}@${version} | ${String(manifest.license ?? 'no licence given')} | deps: ${dependencies.length || 'none'} | versions: ${Object.keys(packument.versions).length}`,
  )
  if (typeof manifest.description === 'string') say(manifest.description)
  if (manifest.deprecated) say(`\nDEPRECATED: ${manifest.deprecated}`)
  if (dependencies.length > 0) say(`\ndependencies:\n${dependencies.map(([to, of]) => `${to}: ${of}`).join('\n')}`)
  say(`\ndist-tags:\n${tags.map(([tag, of]) => `${tag}: ${of}`).join('\n')}\n`)
  return 0
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

/** `npm outdated`: exit code 1 when something is, as npm has it. */
export async function outdated(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host, say } = terminal
  const project = projectOf(terminal, args)
  const settings = readSettings(args.flags, host, project)
  const { treeOptions } = createInstaller({ host, project, settings, progress: createProgress(host) })
  const root = await readInstalledTree(treeOptions)
  const registry = createRegistry(host.fetchPackage)
  const edges = [...root.edgesOut.values()].filter(({ name }) => args.words.length === 0 || args.words.includes(name))
  const rows = await Promise.all(
    edges.map(async ({ name, spec, to }) => {
      if (to?.isLink || /^(?:file|workspace|npm):/.test(spec)) return null
      const { versions, 'dist-tags': tags } = await registry.packument(name)
      const latest = tags.latest ?? ''
      const wanted = semver.satisfies(latest, spec) ? latest : (semver.maxSatisfying(Object.keys(versions), spec) ?? '')
      const current = to?.version ?? 'MISSING'
      return current === latest && current === wanted ? null : [name, current, wanted, latest, `node_modules/${name}`]
    }),
  )
  const stale = rows.filter((row) => row !== null)
  if (stale.length === 0) return 0
  const table = [['Package', 'Current', 'Wanted', 'Latest', 'Location'], ...stale]
  const widths = table[0]?.map((_title, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  say(
    table
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  )
  return 1
}
