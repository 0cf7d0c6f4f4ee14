/** What a command line of pnpm or yarn means in npm's words; a sentence where it means nothing here. */
export function toNpm(manager: 'pnpm' | 'yarn', argv: readonly string[]): { argv: string[] } | { sentence: string } {
  const [command = '', ...rest] = argv
  if (/^(?:-v|--version)$/.test(command)) return { sentence: `${manager} is carried out by npm in the sandbox.` }
  if (command === '' || command === 'install' || command === 'i') return { argv: installOf(manager, rest) }
  if (command === 'add') {
    const isGlobal = rest.includes('-g') || rest.includes('--global')
    return isGlobal
      ? { sentence: 'There is nothing global in the sandbox.' }
      : { argv: ['install', ...rest.map(toNpmFlag)] }
  }
  if (/^(?:remove|rm|uninstall|un)$/.test(command)) return { argv: ['uninstall', ...rest] }
  if (/^(?:update|up|upgrade)$/.test(command)) return { argv: ['update', ...rest] }
  if (/^(?:dlx|exec|x)$/.test(command)) return { argv: ['exec', '--', ...rest] }
  if (command === 'create') return { argv: ['create', rest[0] ?? '', '--', ...rest.slice(1)] }
  if (command === 'run' && rest.length > 1) return { argv: ['run', rest[0] ?? '', '--', ...rest.slice(1)] }
  if (/^(?:run|test|start|init|ls|list|outdated|why|view|info)$/.test(command)) return { argv: [command, ...rest] }
  if (command.startsWith('-')) {
    return { sentence: `${manager} ${command} is not known in the sandbox, where npm does the work of ${manager}.` }
  }
  // `pnpm build` and `yarn build` run a script, else a command of a package.
  return { argv: ['run-or-exec', command, ...rest] }
}

function installOf(manager: 'pnpm' | 'yarn', flags: readonly string[]): string[] {
  const isFrozen = flags.some((flag) => /^--(?:frozen-lockfile|immutable)$/.test(flag))
  const words = flags.filter((flag) => !flag.startsWith('-'))
  if (manager === 'pnpm' && words.length > 0) return ['install', ...flags.map(toNpmFlag)]
  return isFrozen
    ? ['ci']
    : ['install', ...flags.filter((flag) => /^--(?:prod|production)$/.test(flag)).map(() => '--omit=dev')]
}

function toNpmFlag(flag: string): string {
  return (
    { '--dev': '--save-dev', '--exact': '--save-exact', '--peer': '--save-peer', '--optional': '--save-optional' }[
      flag
    ] ?? flag
  )
}
