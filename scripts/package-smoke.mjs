// `npm run package-smoke [name…]`: installs packages of the registry in the sandbox and makes one real use of each, in the
// production build and a browser; writes docs/packages.md when all were tried. Needs a registry (VITRINE_REGISTRY_URL).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium, launchChromium } from './chromium.mjs'
import { cases } from './package-smoke/cases.mjs'
import { serveApp } from './serve-app.mjs'
import { checkNode, ensureBuilt, ensureInstalled, fail, root } from './setup.mjs'

const limitMs = 120_000

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !cases.some((entry) => entry.name === name))
if (unknown) fail(`There is no package “${unknown}” in scripts/package-smoke/cases.mjs.`)

checkNode()
await ensureInstalled()
await ensureChromium()
await ensureBuilt()
const server = await serveApp(3431)
const browser = await launchChromium()
try {
  const results = await tryAll()
  const passed = results.filter(({ ok }) => ok).length
  console.log(`${passed} of ${results.length} packages work`)
  if (wanted.length === 0) writeFileSync(join(root, 'docs/packages.md'), report(results))
} finally {
  await browser.close()
  server.close()
}

async function tryAll() {
  const page = await browser.newPage()
  await page.goto(`${server.origin}/p/new?template=empty`)
  await page.waitForURL(/\/p\/(?!new)/)
  await page.waitForFunction(() => window.vitrine?.ready.then(() => true))
  const results = []
  for (const entry of cases) {
    if (wanted.length > 0 && !wanted.includes(entry.name)) continue
    const result = await tryOne(page, entry)
    results.push(result)
    console.log(
      `${result.ok ? 'ok  ' : 'FAIL'} ${entry.name}@${result.version}  ${result.installMs} ms${result.ok ? '' : `  ${result.why}`}`,
    )
  }
  return results
}

async function tryOne(page, { name, install = [name], code, command = 'node main.mjs', files = {}, expected }) {
  const folder = name.replaceAll(/[^\w]+/g, '-')
  const written = { 'package.json': '{"private":true,"type":"module"}', ...(code && { 'main.mjs': code }), ...files }
  const outcome = await page.evaluate(
    async ({ folder, name, install, command, written, limitMs }) => {
      for (const [path, text] of Object.entries(written)) await window.vitrine.files.write(`${folder}/${path}`, text)
      const run = (line) => window.vitrine.run(line, { cwd: folder, timeoutMs: limitMs })
      const installed = await run(`npm install ${install.join(' ')}`)
      const version = await run(`node -p "require('./node_modules/${name}/package.json').version"`)
      const used = installed.exitCode === 0 ? await run(command) : null
      await window.vitrine.run(`rm -rf ${folder}`)
      return { installed, version: version.stdout.trim(), used }
    },
    { folder, name, install, command, written, limitMs },
  )
  const { installed, used } = outcome
  const output = used?.stdout.trim() ?? ''
  const fits = typeof expected === 'string' ? output === expected : expected.test(output)
  const failure = used
    ? used.stderr.trim() || `printed ${JSON.stringify(output.slice(0, 200))}`
    : installed.stderr.trim()
  return {
    name,
    ok: installed.exitCode === 0 && used?.exitCode === 0 && fits,
    version: /^\d/.test(outcome.version) ? outcome.version : '?',
    installMs: Math.round(installed.durationMs),
    why: (failure.split('\n').find((line) => /error|cannot|not /i.test(line)) ?? failure.split('\n')[0] ?? '')
      .trim()
      .slice(0, 160),
  }
}

function report(results) {
  const passed = results.filter(({ ok }) => ok).length
  const rows = results.map(
    ({ name, version, ok, why }) =>
      `| ${name} | ${version} | ${ok ? 'works' : `fails: ${why.replaceAll('|', '\\|').replaceAll('`', "'")}`} |`,
  )
  return `# Packages in the sandbox

Written by \`npm run package-smoke\`, which installs each package in the sandbox of the production build and makes one real
use of it (\`scripts/package-smoke/cases.mjs\`). ${passed} of ${results.length} work.

\`npm install\`, \`ci\`, \`uninstall\`, \`update\`, \`prune\`, \`dedupe\`, \`run\`, \`exec\`, \`create\`, \`init\`, \`ls\`, \`explain\`, \`outdated\`, \`view\`,
\`pack\`, \`pkg\`, \`version\` and \`npx\` work as npm's do, since its own resolver works out the tree and the lock file. They take
workspaces (\`-w\`, \`--workspaces\`, or the folder that you stand in), folders and tarballs of the project (\`npm i ./lib\`,
\`npm i ./lib-1.0.0.tgz\`), aliases, tags and ranges, settings of \`.npmrc\` and \`npm_config_…\` variables. \`npm version\` commits and
tags in a repository. What stands before \`--\` is npm's: \`npm create vite@latest app -- --template react-ts\`.

\`pnpm\` and \`yarn\` are carried out by npm, and write npm's lock file: \`add\`, \`remove\`, \`up\`, \`run\`, \`exec\`, \`dlx\`, \`create\`, \`why\`,
\`pnpm -r\`, \`--filter\`, \`yarn workspace\`, \`yarn workspaces\`, scripts and commands by their bare names. Workspaces are those of
package.json; \`pnpm-workspace.yaml\` and \`pnpm-lock.yaml\` are not read.

What differs, and why:

- Install scripts never run; the last line of an install names them. \`npm rebuild\` has nothing to do.
- Versions younger than 24 hours are passed over for an older one that fits, or refused. \`--allow-new\` takes them.
- Packages come from the operator's registry, or from folders and tarballs of the project: no git repositories (GitHub
  neither), no other addresses. Bring the files into the project and install the folder instead.
- Nothing global: \`-g\` is refused. \`npx\` runs commands of packages; it loads them outside of the project, without asking.
- No accounts and no audit: \`publish\`, \`login\`, \`audit\`, \`search\` and the like say what to do instead.
- No native code runs. Of packages that come in one build for each processor, the WebAssembly one (\`wasm32\`) is taken.
  esbuild, rollup, lightningcss and sass-embedded are unpacked from esbuild-wasm, @rollup/wasm-node, lightningcss-wasm
  and sass under their own names. For others, a warning names what to take instead.
- Programs of the project cannot install packages: package names could carry data out. Commands of the terminal can. Let
  project generators skip the step (\`create-next-app --skip-install\`, \`sv create --no-install\`) and type \`npm install\` after.
- Options that npm does not know go to the script: \`npm test --watch\` is \`npm test -- --watch\`.
- \`node_modules\` is not stored with the project. When it is opened, what the tab has kept comes back by the lock file.

| Package | Version | One real use |
|---|---|---|
${rows.join('\n')}
`
}
