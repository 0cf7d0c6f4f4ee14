import { encodeUtf8 } from '@/lib/base'
import type { ViteContext } from '../context'
import { isInPackages } from '../paths'
import type { Project } from '../project'

const configNames = [
  ...['js', 'cjs', 'mjs', 'ts', 'json'].map((end) => `postcss.config.${end}`),
  '.postcssrc.json',
  '.postcssrc.js',
  '.postcssrc.cjs',
  '.postcssrc.mjs',
]

/** As Vite: the nearest at or above the folder that the config names. */
function findPostcssConfig(project: Project, from = project.root): string | null {
  const given = project.isFile(from) ? from.slice(0, from.lastIndexOf('/')) : from
  for (
    let folder = given;
    `${folder}/`.startsWith(`${project.root}/`);
    folder = folder.slice(0, folder.lastIndexOf('/'))
  ) {
    const found = configNames.map((name) => `${folder}/${name}`).find(project.isFile)
    if (found) return found
  }
  return null
}

/** What to run: a file, or plugins that the config names; null when there is nothing. */
function findPlugins({ project, config }: ViteContext) {
  const { postcss } = config
  if (postcss?.kind === 'plugins') {
    if (postcss.plugins.length === 0) return null
    return { name: 'css.postcss', configFile: null, plugins: postcss.plugins }
  }
  const configFile = findPostcssConfig(project, postcss?.folder)
  return configFile === null ? null : { name: configFile.slice(project.root.length + 1), configFile, plugins: [] }
}

/**
 * Runs the project's own PostCSS with its config and plugins in a process of node, since plugins read files and load
 * packages as they like. Styles of packages stay as they are.
 */
export async function compilePostcss(css: string, path: string, context: ViteContext): Promise<string> {
  const { host, project, runner, config } = context
  const found = isInPackages(path) ? null : findPlugins(context)
  if (found === null) return css
  const { name, configFile, plugins } = found
  if (runner.find('postcss') === null)
    throw new Error(`${name} needs the package “postcss”; run npm install -D postcss.`)
  const input = JSON.stringify({
    css,
    path,
    configFile,
    plugins,
    root: project.root,
    mode: config.env.MODE ?? 'development',
  })
  const child = host.spawn(['node', '--input-type=module', '-e', program], {
    cwd: project.root,
    env: { ...host.env, NODE_ENV: config.env.PROD === true ? 'production' : 'development' },
    stdin: encodeUtf8(input),
    output: 'captured',
  })
  const said = { stdout: '', stderr: '' }
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  child.onOutput(({ stream, data }) => {
    said[stream] += decoders[stream].decode(data, { stream: true })
  })
  const exitCode = await child.exit
  const answer = said.stdout.lastIndexOf(mark)
  if (exitCode !== 0 || answer === -1) throw new Error(`PostCSS (${name}): ${reasonOf(said.stderr)}`)
  return JSON.parse(said.stdout.slice(answer + mark.length)) as string
}

/** Node shows the place of an uncaught error before its message. */
function reasonOf(stderr: string): string {
  const text = stderr.trim()
  return /^\w*Error\b.*$/m.exec(text)?.[0] ?? text
}

/** Plugins may print before the answer. */
const mark = '\u0000postcss:'

/** Plugins by name, alone or with options, as `postcss-load-config` takes them. Tailwind 4 has been compiled before. */
const program = `
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import postcss from 'postcss'
const parts = []
for await (const part of process.stdin) parts.push(part)
const { css, path, configFile, plugins: named, root, mode } = JSON.parse(Buffer.concat(parts).toString())
const require = createRequire(configFile ?? root + '/package.json')
const load = (name, options) => {
  const loaded = require(name)
  const plugin = loaded.default ?? loaded
  return options === undefined || options === true ? plugin() : plugin(options)
}
try {
  const exported = configFile === null ? { plugins: named } : configFile.endsWith('.json') ? require(configFile) : (await import(pathToFileURL(configFile).href)).default
  const config = typeof exported === 'function' ? await exported({ env: mode, mode, file: path }) : exported
  const given = config?.plugins ?? []
  const entries = (Array.isArray(given) ? given : Object.entries(given)).filter(Boolean)
  const plugins = entries.flatMap((entry) => {
    const [plugin, options] = Array.isArray(entry) ? entry : [entry]
    if (options === false || plugin === '@tailwindcss/postcss') return []
    return [typeof plugin === 'string' ? load(plugin, options) : Array.isArray(entry) ? plugin(options) : plugin]
  })
  const result = await postcss(plugins).process(css, { from: path, to: path, map: false })
  for (const warning of result.warnings()) console.error(String(warning))
  process.stdout.write(${JSON.stringify(mark)} + JSON.stringify(result.css))
} catch (error) {
  console.error(error.name === 'CssSyntaxError' ? error.message : (error.stack ?? String(error)))
  process.exitCode = 1
}
`
