/**
 * Files that decide what may run, what is trusted or what is secret. Changing one always asks, in every mode:
 * an agent that could rewrite them could loosen its own guard. Patterns: `*` stays inside a name, `**` crosses folders.
 */
const defaultProtectedPaths: readonly string[] = [
  // Folders of tools: version control, IDE and agent settings, hooks, CI.
  '**/.*/**',
  '.gitlab-ci.yml',
  'azure-pipelines.yml',
  'jenkinsfile',
  // What Windows calls .git when names are short.
  '**/git~1/**',
  // Instructions for agents.
  '**/agents.md',
  '**/agents.override.md',
  '**/gemini.md',
  // What `npm test` and friends run, and exactly which packages.
  '**/package.json',
  '**/package-lock.json',
  '**/npm-shrinkwrap.json',
  '**/pnpm-lock.yaml',
  '**/yarn.lock',
  '**/bun.lock',
  '**/bun.lockb',
  '**/poetry.lock',
  '**/uv.lock',
  '**/.npmrc',
  '**/.yarnrc*',
  // Secrets and git's own files.
  '**/.env*',
  '**/*.pem',
  '**/*.key',
  '**/.git',
  '**/.gitmodules',
  '**/.gitattributes',
]

const secretFile = /(?:^|\/)(?:\.env[^/]*|\.npmrc|\.netrc|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|key|p12|pfx))$/

/** Files whose content is usually secret; reading them into the conversation asks first. `.env.example` is not one. */
export function isSecretFile(path: string): boolean {
  const normal = normalisePath(path)
  return secretFile.test(normal) && !/\.(?:example|sample|template)$/.test(normal)
}

/** Whether a path is a folder of tools itself (`.github`, `.husky`), rather than a file whose name begins with a dot. */
export function namesToolFolder(path: string): boolean {
  const name = normalisePath(path).split('/').at(-1) ?? ''
  return (
    /^\.[a-z][a-z_-]*$/.test(name) &&
    !/(?:rc|ignore|keep|attributes|modules|version|history|profile)$|^\.(?:env|editorconfig)$/.test(name)
  )
}

/** Tells which pattern protects a path, if any. Compares after resolving `.`/`..`, Unicode compatibility forms and case. */
export function createPathGuard(patterns: readonly string[] = defaultProtectedPaths): (path: string) => string | null {
  const rules = patterns.map((pattern) => ({ pattern, matches: toRegExp(pattern.toLowerCase()) }))
  return (path) => {
    const normal = normalisePath(path)
    return rules.find((rule) => rule.matches.test(normal))?.pattern ?? null
  }
}

/** Where the sandbox has the project: programs and models name its files from there, too. */
export function fromProject(path: string): string {
  return path.replace(/^\/home\/project(?:\/+|$)/, '')
}

export function leavesProject(path: string): boolean {
  let depth = 0
  for (const segment of path.split(/[\\/]+/)) {
    if (segment === '..') depth--
    else if (segment !== '' && segment !== '.') depth++
    if (depth < 0) return true
  }
  return path.startsWith('/') || path.startsWith('~') || /^[a-z]:[\\/]/i.test(path)
}

/** Case, compatibility forms, invisible characters, `\`, trailing dots and spaces, streams (`x::$DATA`) make no second name for a file. */
function normalisePath(path: string): string {
  const out: string[] = []
  const visible = path.normalize('NFKC').replace(/\p{Cf}|\p{Cc}|\p{Variation_Selector}|\u034f/gu, '')
  for (const raw of visible.toLowerCase().split(/[\\/]+/)) {
    const segment = /^\.{1,2}$/.test(raw)
      ? raw
      : raw
          .replace(/:.*$/s, '')
          .replace(/(?<![. ])[. ]+$/, '')
          .replace(/^ +/, '')
    if (segment === '..') out.pop()
    else if (segment !== '' && segment !== '.') out.push(segment)
  }
  return out.join('/')
}

function toRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\?]/g, '\\$&')
    .replace(/\*\*\/|\/\*\*$|\*/g, (glob) => (glob === '**/' ? '(?:[^/]+/)*' : glob === '/**' ? '/.+' : '[^/]*'))
  return new RegExp(`^${source}$`)
}
