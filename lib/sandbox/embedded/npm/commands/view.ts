import semver from 'semver'
import type { Manifest, Packument } from '@/lib/registry/packument'
import type { NpmArguments } from '../options'
import { findProject, readJson } from '../project'
import { createRegistry } from '../registry/registry'
import type { Terminal } from '../terminal'

/** What the registry's short answer has; for anything else it is asked for all that it knows. */
const shortFields =
  /^(?:name|version|versions|dist-tags|dist|dependencies|devDependencies|peerDependencies|optionalDependencies|bin|engines|deprecated|os|cpu)(?:$|[.[])/

/** `npm view <name>[@range] [field…]`; without a name, of the project's own package. */
export async function view(terminal: Terminal, { words, flags }: NpmArguments): Promise<number> {
  const { host, say, fail } = terminal
  const [spec = ownName(terminal), ...fields] = words
  const [, name, range = 'latest'] = /^(@?[^@]+)(?:@(.*))?$/.exec(spec === '.' ? ownName(terminal) : spec) ?? []
  if (name === undefined) return fail('Say which package: npm view <name>')
  const registry = createRegistry(host.fetchPackage)
  const isShort = fields.length > 0 && fields.every((field) => shortFields.test(field))
  const packument = await (isShort ? registry.packument(name) : registry.fullPackument(name))
  const versions = Object.keys(packument.versions).sort(semver.compareLoose)
  const tagged = packument['dist-tags'][range]
  const chosen =
    tagged === undefined ? versions.filter((version) => semver.satisfies(version, range, { loose: true })) : [tagged]
  const manifests = chosen.flatMap((version) => packument.versions[version] ?? [])
  const newest = manifests.at(-1)
  if (!newest)
    return fail(`code E404\n404 No match found for version ${range}\nNo version of ${name} matches ${range}.`)
  const whole = (manifest: Manifest): Record<string, unknown> => ({ ...packument, ...manifest, versions })
  if (fields.length > 0) {
    const found = manifests.map((manifest): Found => {
      const values = fields.map((field) => [field, valueAt(whole(manifest), field)] as const)
      return { label: `${name}@${manifest.version}`, values: values.filter(([, value]) => value !== undefined) }
    })
    sayFields(
      terminal,
      found.filter(({ values }) => values.length > 0),
      { isJson: flags.has('json'), isOne: fields.length === 1 },
    )
  } else if (flags.has('json')) say(JSON.stringify(whole(newest), null, 2))
  else say(describe(packument, newest, versions.length))
  return 0
}

function ownName({ host }: Terminal): string {
  const path = `${findProject(host.fs, host.cwd)}/package.json`
  return (host.fs.exists(path) && readJson(host.fs, path).name) || ''
}

interface Found {
  label: string
  values: (readonly [field: string, value: unknown])[]
}

function sayFields(
  { say }: Terminal,
  found: readonly Found[],
  { isJson, isOne }: { isJson: boolean; isOne: boolean },
): void {
  if (found.length === 0) return
  if (isJson) {
    const values = found.map(({ values }) => (isOne ? values[0]?.[1] : Object.fromEntries(values)))
    say(JSON.stringify(values.length === 1 ? values[0] : values, null, 2))
    return
  }
  for (const { label, values } of found) {
    for (const [field, value] of values) {
      const parts = [found.length > 1 && label, !isOne && `${field} =`].filter((part) => part !== false)
      say([...parts, parts.length === 0 && typeof value === 'string' ? value : inspect(value)].join(' '))
    }
  }
}

/** `dist.tarball`, `versions[0]`, `maintainers.name`; of lists, that of each. */
function valueAt(value: unknown, path: string): unknown {
  const keys = path.split(/[.[\]]+/).filter(Boolean)
  // A key of its own may have dots in it, as versions have.
  const rest = (start: number) => keys.slice(start).join('.')
  const walk = (at: unknown, index: number): unknown => {
    const key = keys[index]
    if (key === undefined) return at
    if (Array.isArray(at) && !/^\d+$/.test(key))
      return at.map((each) => walk(each, index)).filter((each) => each !== undefined)
    if (typeof at !== 'object' || at === null) return undefined
    if (Object.hasOwn(at, rest(index))) return Reflect.get(at, rest(index))
    return Object.hasOwn(at, key) ? walk(Reflect.get(at, key), index + 1) : undefined
  }
  return walk(value, 0)
}

/** Values as Node shows them. */
function inspect(value: unknown, indent = ''): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const isList = Array.isArray(value)
  const inner = `${indent}  `
  const parts = Object.entries(value).map(([key, each]) => {
    const label = /^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`
    return isList ? inspect(each, inner) : `${label}: ${inspect(each, inner)}`
  })
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return `${open}${close}`
  const line = `${open} ${parts.join(', ')} ${close}`
  const isShort = line.length + indent.length <= 72 && !line.includes('\n') && (!isList || parts.length <= 6)
  return isShort ? line : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}

function describe(packument: Packument, manifest: Manifest, count: number): string {
  const {
    name,
    version,
    license,
    description,
    homepage,
    keywords,
    deprecated,
    bin,
    dist = {},
    dependencies = {},
    maintainers,
  } = manifest
  const names = Object.entries(dependencies)
  const tags = Object.entries(packument['dist-tags']).slice(0, 12)
  const people = Array.isArray(maintainers) ? maintainers.map(personOf).filter(Boolean) : []
  const published = packument.time?.[version]
  const blocks = [
    [
      `${name}@${version} | ${String(license ?? 'no licence given')} | deps: ${names.length || 'none'} | versions: ${count}`,
      ...[description, homepage].filter((line) => typeof line === 'string' && line !== ''),
    ],
    deprecated ? [`DEPRECATED - ${deprecated}`] : [],
    Array.isArray(keywords) && keywords.length > 0 ? [`keywords: ${keywords.join(', ')}`] : [],
    typeof bin === 'object' && bin !== null ? [`bin: ${Object.keys(bin).join(', ')}`] : [],
    [
      'dist',
      ...(['tarball', 'shasum', 'integrity'] as const).flatMap((key) => (dist[key] ? `.${key}: ${dist[key]}` : [])),
    ],
    names.length > 0 ? ['dependencies:', names.map(([to, range]) => `${to}: ${range}`).join(', ')] : [],
    people.length > 0 ? ['maintainers:', ...people.map((person) => `- ${person}`)] : [],
    ['dist-tags:', ...tags.map(([tag, of]) => `${tag}: ${of}`)],
    published ? [`published ${published.slice(0, 10)}`] : [],
  ]
  return `\n${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}`
}

function personOf(person: unknown): string {
  if (typeof person === 'string') return person
  const { name, email } = (person ?? {}) as { name?: string; email?: string }
  return name === undefined ? '' : `${name}${email ? ` <${email}>` : ''}`
}
