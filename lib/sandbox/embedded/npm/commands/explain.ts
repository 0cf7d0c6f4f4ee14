import semver from 'semver'
import { explainPackage } from '../explain'
import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import type { Terminal } from '../terminal'
import { readInstalledTree } from '../tree'
import { projectOf } from './install'

/** `npm explain <name>[@range]`, `npm why node_modules/x`: who wants a package that is installed. */
export async function explain(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host } = terminal
  if (args.words.length === 0) return terminal.fail('Say which package: npm explain <name>')
  const project = projectOf(terminal, args)
  const settings = readSettings(args.flags, host, project)
  const { treeOptions } = createInstaller({ host, project, settings, progress: createProgress(host) })
  const root = await readInstalledTree(treeOptions)
  const found = [...root.inventory.values()]
    .filter((node) => !node.isProjectRoot && args.words.some((word) => isMeant(word, node)))
    .sort((one, other) => (one.location < other.location ? -1 : 1))
  if (found.length === 0) return terminal.fail(`No dependencies found matching ${args.words.join(', ')}`)
  const explained = found.map((node) => {
    const { dev, optional, extraneous } = node
    return { ...node.explain(), dev, optional, extraneous }
  })
  terminal.say(
    args.flags.has('json')
      ? JSON.stringify(explained, null, 2)
      : explained.map((each) => explainPackage(each).join('\n')).join('\n\n'),
  )
  return 0
}

function isMeant(
  word: string,
  { name, packageName, location, version }: { name: string; packageName: string; location: string; version: string },
) {
  if (location === word.replace(/\/$/, '')) return true
  const [, wanted, range] = /^(@?[^@]+)(?:@(.+))?$/.exec(word) ?? []
  return (wanted === name || wanted === packageName) && (range === undefined || semver.satisfies(version, range))
}
