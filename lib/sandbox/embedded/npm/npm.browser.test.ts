import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../testing/sandbox-page'
import { createTestRegistry, type TestRegistry } from './testing/registry'

const page = sandboxPage({ packages: (request) => answer(request) })
let registry: TestRegistry
/** What the server answers instead; the registry by default. */
let answer: TestRegistry['answer']

const hour = 3_600_000
const project = { 'package.json': '{"name":"project","version":"1.0.0"}' }

test.beforeEach(async () => {
  registry = createTestRegistry(
    {
      name: 'greet',
      version: '1.0.0',
      manifest: { dependencies: { loud: '^1.0.0' }, bin: 'cli.js', types: 'index.d.ts' },
      files: {
        'index.js': `exports.greet = (name) => require('loud')('hello ' + name)`,
        'index.d.ts': 'export function greet(name: string): string',
        'cli.js': `#!/usr/bin/env node\nconsole.log(require('./index.js').greet(process.argv[2]))`,
      },
    },
    { name: 'loud', version: '1.0.0', files: { 'index.js': 'module.exports = (text) => text.toUpperCase()' } },
  )
  answer = registry.answer
  await page().evaluate(() => caches.delete('vitrine-packages-v1'))
})

/** Runs command lines one after the other in a machine of their own. */
async function run(files: Record<string, string>, lines: string[]) {
  return page().evaluate(
    async ({ files, lines }) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(files)) })
      const changed = new Set<string>()
      sandbox.onFiles((changes) => changes.forEach(({ path }) => void changed.add(path)))
      const results: { code: number; text: string }[] = []
      for (const line of lines) {
        const { exitCode, stdout, stderr } = await window.runCommand(sandbox, line, { stdin: '' })
        results.push({ code: exitCode, text: stdout + stderr })
      }
      const problems = (await sandbox.check()).map(({ code }) => code)
      const snapshot = Object.fromEntries(await sandbox.snapshot())
      await sandbox.dispose()
      return { results, changed: [...changed].sort(), problems, snapshot }
    },
    { files, lines },
  )
}

test('installs what a program then uses, and shows the IDE the two files that changed', async () => {
  const program = `console.log(require('greet').greet('you'))`
  const { results, changed } = await run({ ...project, 'main.cjs': program }, [
    'npm install greet',
    'node main.cjs',
    'greet me | tr M m',
    'npx greet npx',
    'npm ls',
  ])
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
  expect(results[0]?.text).toMatch(/^\nadded 2 packages in \d+m?s\n$/)
  expect(results.slice(1, 4).map(({ text }) => text)).toEqual(['HELLO YOU\n', 'HELLO mE\n', 'HELLO NPX\n'])
  expect(changed).toEqual(['package-lock.json', 'package.json'])
})

test('packs a package, installs the tarball elsewhere, and runs its command by its name', async () => {
  const cli =
    '#!/usr/bin/env node\nconsole.log(require("path").basename(process.argv[1]), process.env.npm_lifecycle_event)'
  const files = {
    'lib/package.json': '{"name":"@x/lib","version":"1.0.0","bin":{"shout":"cli"}}',
    'lib/cli': cli,
    'app/package.json': '{"name":"app","version":"1.0.0"}',
  }
  const { results, snapshot } = await run(files, [
    'cd lib && npm pack --pack-destination ../out',
    'cd app && npm install ../out/x-lib-1.0.0.tgz && npx shout && npm ci',
    'cd app && node_modules/.bin/shout',
  ])
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(results[1]?.text).toMatch(/added 1 package in .*\nshout npx\n\nadded 1 package/)
  expect(results[2]?.text).toBe('shout undefined\n')
  expect((snapshot as Record<string, string>)['app/package.json']).toContain('file:../out/x-lib-1.0.0.tgz')
})

test('checks types against what is installed', async () => {
  const source = `import { greet } from 'greet'\nexport const text: number = greet('x')\n`
  expect((await run({ ...project, 'main.ts': source }, [])).problems).toEqual(['ts(2307)'])
  expect((await run({ ...project, 'main.ts': source }, ['npm install greet'])).problems).toEqual(['ts(2322)'])
  const gone = await run({ ...project, 'main.ts': source }, ['npm install greet', 'npm uninstall greet'])
  expect(gone.problems).toEqual(['ts(2307)'])
})

test('tells the IDE what packages declare, and when that changes', async () => {
  const outcome = await page().evaluate(async (files) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(files)) })
    let told = 0
    sandbox.onInstall?.(() => {
      told += 1
    })
    await (await sandbox.spawn('npm install greet', { stdin: '' })).exit
    const declarations = await sandbox.declarations?.()
    await sandbox.dispose()
    return { told, declarations }
  }, project)
  expect(outcome.told).toBe(1)
  expect(outcome.declarations?.map(([path]) => path).sort()).toEqual([
    'node_modules/greet/index.d.ts',
    'node_modules/greet/package.json',
    'node_modules/loud/package.json',
  ])
})

test('installs a second time without a server, and puts packages back when a project is opened again', async () => {
  const first = await run(project, ['npm install greet'])
  expect(first.results[0]?.code).toBe(0)
  answer = async () => ({ status: 503, body: '' })
  expect((await run(project, ['npm install greet'])).results[0]).toMatchObject({ code: 0 })
  const saved = first.snapshot as Record<string, string>
  expect(Object.keys(saved).sort()).toEqual(['package-lock.json', 'package.json'])
  const again = await run(saved, [`node -e "console.log(require('greet').greet('again'))"`, 'greet bin'])
  expect(again.results.map(({ text }) => text)).toEqual(['HELLO AGAIN\n', 'HELLO BIN\n'])
  expect(again.changed).toEqual([])
})

test('says that the server cannot be reached, and changes nothing', async () => {
  answer = async () => ({
    status: 502,
    body: '{"error":{"code":"registry_unreachable","message":"The package registry could not be reached."}}',
  })
  const { results, changed } = await run(project, ['npm install greet', 'ls'])
  expect(results[0]).toMatchObject({ code: 1, text: expect.stringMatching(/ENETWORK[\s\S]*could not be reached/) })
  expect(results[1]?.text).toBe('package.json\n')
  expect(changed).toEqual([])
})

test('lets no tarball in that was changed on its way', async () => {
  answer = async (request) => {
    const reply = await registry.answer(request)
    if (request.path !== 'loud/-/loud-1.0.0.tgz') return reply
    const changed = Uint8Array.from(reply.body as Uint8Array)
    changed[changed.length - 1] = 1
    return { ...reply, body: changed }
  }
  const { results } = await run(project, ['npm install greet', 'ls'])
  expect(results[0]).toMatchObject({ code: 1, text: expect.stringMatching(/EINTEGRITY[\s\S]*loud-1\.0\.0\.tgz/) })
  expect(results[1]?.text).toBe('package.json\n')
})

test('refuses a version of an hour ago and a path that climbs', async () => {
  registry.add(
    { name: 'young', version: '1.0.0', publishedAt: new Date(Date.now() - hour) },
    { name: 'climbing', version: '1.0.0', entries: [{ path: 'package/../../../main.js', text: 'evil' }] },
  )
  const { results } = await run(project, ['npm install young', 'npm install climbing', 'ls'])
  expect(results.map(({ code }) => code)).toEqual([1, 1, 0])
  expect(results[0]?.text).toContain('young@1.0.0 was published 1 hour ago.')
  expect(results[1]?.text).toContain('leads out of the package')
  expect(results[2]?.text).toBe('package.json\n')
})

test('gives packages to commands, not to programs, however they ask', async () => {
  const spawn = `const { spawnSync } = require('node:child_process')\nconst { stderr } = spawnSync(process.argv[2], { shell: true })\nconsole.log(String(stderr))`
  const { results } = await run({ ...project, 'spawn.cjs': spawn }, [
    'node spawn.cjs "npm view secret-in-a-name"',
    `node spawn.cjs "sh -c 'npx secret-in-a-name'"`,
    `node spawn.cjs "sh -c 'yarn add secret-in-a-name'"`,
  ])
  for (const { text } of results) expect(text).toContain('Programs cannot install packages in the sandbox')
  expect(registry.asked).toEqual([])
})

test('leaves what was installed when an install is interrupted', async () => {
  registry.add({ name: 'slow', version: '1.0.0' })
  let reach = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  answer = async (request) => {
    if (request.path.endsWith('slow-1.0.0.tgz')) {
      reach()
      await released
    }
    return registry.answer(request)
  }
  const running = await page().evaluateHandle(async (files) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(files)) })
    await (await sandbox.spawn('npm install greet', { stdin: '' })).exit
    const before = Object.fromEntries(await sandbox.snapshot())
    const child = await sandbox.spawn('npm install slow', { terminal: { columns: 80, rows: 24 } })
    return { sandbox, before, child }
  }, project)
  await reached
  const outcome = await running.evaluate(async ({ sandbox, before, child }) => {
    child.kill('SIGINT')
    const { exitCode } = await child.exit
    const after = Object.fromEntries(await sandbox.snapshot())
    const check = await sandbox.spawn(`node -e "console.log(require('greet').greet('still'))"`, { stdin: '' })
    const status = await check.exit
    await sandbox.dispose()
    return { exitCode, same: JSON.stringify(before) === JSON.stringify(after), works: status.exitCode }
  })
  release()
  expect(outcome).toEqual({ exitCode: 130, same: true, works: 0 })
})

test('shares packages with a fork, which then goes its own way', async () => {
  const outcome = await page().evaluate(async (files) => {
    const exec = async (sandbox: Awaited<ReturnType<typeof window.createEmbeddedSandbox>>, line: string) => {
      const child = await sandbox.spawn(line, { stdin: '' })
      let text = ''
      child.onOutput(({ data }) => {
        text += new TextDecoder().decode(data)
      })
      await child.exit
      return text
    }
    const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(files)) })
    await exec(sandbox, 'npm install greet')
    const fork = await sandbox.fork()
    await exec(
      fork,
      `node -e "require('fs').writeFileSync('node_modules/loud/index.js', 'module.exports = (text) => 1')"`,
    )
    await exec(
      fork,
      `node -e "require('fs').writeSync(require('fs').openSync('node_modules/greet/index.js', 'r+'), 'exports.greet = () => 2//')"`,
    )
    const ask = `node -e "console.log(require('greet').greet('x'), require('loud')('y'))"`
    const texts = [await exec(sandbox, ask), await exec(fork, ask)]
    await fork.dispose()
    await sandbox.dispose()
    return texts
  }, project)
  expect(outcome).toEqual(['HELLO X Y\n', '2 1\n'])
})
