import { createInstaller, type Installer, type InstallPlan, type InstallReport } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress, silent } from '../progress'
import { findProject, readJson } from '../project'
import { onCommandLine } from '../specs'
import type { Terminal } from '../terminal'
import { readInstalledTree, readLockedTree } from '../tree'
import { chosenWorkspaces } from '../workspaces'

/** An install that takes longer is given up, with nothing changed. */
const maxInstallMs = 10 * 60_000

type Kind = 'install' | 'uninstall' | 'update' | 'prune' | 'dedupe'

export async function install(terminal: Terminal, args: NpmArguments, kind: Kind = 'install'): Promise<number> {
  const { host } = terminal
  if (args.flags.get('global') === true)
    return terminal.fail('There is nothing global in the sandbox. Leave -g out: npx runs commands of packages.')
  const startedAt = performance.now()
  const project = projectOf(terminal, args)
  const workspaces = chosenWorkspaces(terminal, args)?.flatMap(({ name }) => name ?? [])
  const settings = { ...readSettings(args.flags, host, project), ...(workspaces && { workspaces }) }
  const progress = createProgress(host)
  const installer = createInstaller({ host, project, settings, progress })
  const isPrune = kind === 'prune'
  const names = kind === 'install' ? onCommandLine(host, args.words) : args.words
  if (kind === 'uninstall' && names.length === 0)
    return terminal.fail('Say which package to remove: npm uninstall <name>')
  try {
    return await withTimeLimit(async () => {
      const tree = await installer.resolve({
        ...(kind === 'install' && names.length > 0 && { add: names }),
        ...(kind === 'uninstall' && { rm: names }),
        ...(kind === 'update' && { update: names.length > 0 ? { names } : true }),
        ...(kind === 'dedupe' && { update: { names: await repeatedNames(installer) }, preferDedupe: true }),
        ...(settings.saveType && { saveType: settings.saveType }),
      })
      if (settings.dryRun) {
        progress.clear()
        const plan = await installer.plan(tree.root, { withStrays: isPrune })
        for (const line of linesOf(plan)) terminal.say(line)
        terminal.say(summary(plan, performance.now() - startedAt))
        return 0
      }
      const report = settings.packageLockOnly ? null : await installer.reify(tree.root, { withStrays: isPrune })
      if (settings.save) await tree.save()
      progress.clear()
      if (report) tell(terminal, report, performance.now() - startedAt)
      else if (!terminal.isSilent) terminal.say('\nup to date')
      return 0
    })
  } catch (error) {
    const isOffline = error instanceof Error && 'code' in error && error.code === 'ENETWORK'
    if (!isOffline || names.length > 0 || !needsOnlyProvided(terminal, project)) throw error
    progress.clear()
    terminal.say('\nup to date: the registry cannot be reached, but all that package.json lists comes with the sandbox')
    return 0
  } finally {
    progress.clear()
  }
}

/** What the sandbox brings along; a project may list it without having it installed. */
const provided = new Set(['vitest', 'jest', '@jest/globals', 'typescript', 'tsx', '@types/node', '@types/jest'])

function needsOnlyProvided({ host }: Terminal, project: string): boolean {
  const { dependencies, devDependencies } = readJson(host.fs, `${project}/package.json`)
  return Object.keys({ ...dependencies, ...devDependencies }).every((name) => provided.has(name))
}

/** `npm ci`: exactly what the lock file says, from nothing. */
export async function cleanInstall(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host } = terminal
  const startedAt = performance.now()
  const project = projectOf(terminal, args)
  if (!host.fs.exists(`${project}/package-lock.json`) && !host.fs.exists(`${project}/npm-shrinkwrap.json`)) {
    return terminal.fail('code EUSAGE\nnpm ci needs a package-lock.json. Run npm install first, which writes one.')
  }
  const settings = readSettings(args.flags, host, project)
  const progress = createProgress(host)
  const installer = createInstaller({ host, project, settings, progress })
  try {
    return await withTimeLimit(async () => {
      const wrong = differences(await readLockedTree(installer.treeOptions))
      if (wrong.length > 0) {
        const why =
          'package.json and package-lock.json do not say the same. Run npm install, which brings them in step.'
        return terminal.fail(['code EUSAGE', why, ...wrong].join('\n'))
      }
      const { root } = await installer.resolve({})
      const report = await installer.reify(root, { anew: true })
      progress.clear()
      tell(terminal, { ...report, removed: [] }, performance.now() - startedAt)
      return 0
    })
  } finally {
    progress.clear()
  }
}

/**
 * Puts `node_modules` back as the lock file has it, from what the tab has kept and asking nobody. It runs when a project is
 * opened, and says nothing: whatever is missing, an install by hand brings.
 */
export async function restore({ host }: Terminal): Promise<number> {
  const project = host.cwd
  const settings = readSettings(new Map(), host, project)
  const installer = createInstaller({ host, project, settings, progress: silent, cachedOnly: true })
  const { root } = await installer.resolve({})
  await installer.reify(root)
  return 0
}

/** What the project asks for and the lock file does not give. */
function differences(root: Awaited<ReturnType<typeof readLockedTree>>): string[] {
  const asking = [root, ...[...root.inventory.values()].filter((node) => node.isWorkspace)]
  return asking.flatMap((node) =>
    [...node.edgesOut.values()].flatMap((edge) => {
      if (edge.valid || edge.type === 'peerOptional' || (edge.type === 'optional' && edge.error === 'MISSING'))
        return []
      const locked = edge.to ? `, but the lock file has ${edge.to.version}` : ', which the lock file lacks'
      return [`${edge.name}@${edge.spec}${locked}`]
    }),
  )
}

export function projectOf({ host }: Terminal, { flags }: NpmArguments): string {
  const prefix = flags.get('prefix')
  if (typeof prefix !== 'string') return findProject(host.fs, host.cwd)
  return prefix.startsWith('/') ? prefix : `${host.cwd}/${prefix}`.replace(/\/\.?$/, '')
}

async function withTimeLimit<Value>(run: () => Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    const message = `The install took longer than ${maxInstallMs / 60_000} minutes and was given up; nothing was changed.`
    timer = setTimeout(() => reject(new Error(message)), maxInstallMs)
  })
  try {
    return await Promise.race([run(), limit])
  } finally {
    clearTimeout(timer)
  }
}

function tell(terminal: Terminal, report: InstallReport, durationMs: number): void {
  const { say, warn } = terminal
  for (const text of report.deprecated) warn(`deprecated ${text}`)
  for (const text of report.problems) warn(text)
  if (report.standIns.length > 0) warn(`WebAssembly builds stand in for native ones: ${report.standIns.join(', ')}`)
  if (report.passedOver.length > 0) {
    warn(`younger than 24 hours and passed over: ${report.passedOver.join(', ')}. --allow-new takes them.`)
  }
  if (terminal.isSilent) return
  say(summary(report, durationMs))
  if (report.scripts.length > 0) say(`Install scripts never run in the sandbox; left out: ${report.scripts.join(', ')}`)
}

function summary({ added, changed, removed }: InstallPlan, durationMs: number): string {
  const parts = [
    added.length > 0 && `added ${count(added.length, 'package')}`,
    removed.length > 0 && `removed ${count(removed.length, 'package')}`,
    changed.length > 0 && `changed ${count(changed.length, 'package')}`,
  ].filter((part) => part !== false)
  const what = parts.length > 1 ? `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}` : (parts[0] ?? 'up to date')
  return `\n${what} in ${durationMs < 1000 ? `${Math.round(durationMs)}ms` : `${Math.round(durationMs / 1000)}s`}`
}

/** What `--dry-run` says. */
function linesOf({ added, changed, removed }: InstallPlan): string[] {
  return [
    ...added.map(({ name, version }) => `add ${name} ${version}`),
    ...changed.map(({ name, version }) => `change ${name} to ${version}`),
    ...removed.map(([at, { version = '' }]) => `remove ${at.replace(/^.*node_modules\//, '')} ${version}`.trimEnd()),
  ]
}

/** Packages that are there in more than one version or place. */
async function repeatedNames({ treeOptions }: Installer): Promise<string[]> {
  const { inventory } = await readInstalledTree(treeOptions)
  const names = [...inventory.values()].flatMap((node) => (node.isRoot || node.isLink ? [] : node.name))
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
