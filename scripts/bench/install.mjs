import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, print, repeats } from './report.mjs'

const limitMs = 120_000
/** The page loads its editor for some seconds after it is ready. */
const settleMs = 5000
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * `npm install` in a project of the IDE beside `npm ci` on this machine: cold, with no cache, neither the tab's nor the
 * server's, and in the sandbox no lockfile; known, in another tab of a server that has been asked for it before; warm, with
 * cache and lockfile. Needs a registry (VITRINE_REGISTRY_URL).
 */
export async function install({ browser, origin, serve }) {
  const projects = {
    express: '{ "private": true, "dependencies": { "express": "^5" } }',
    react: await reactTemplate({ browser, origin }),
  }
  for (const [name, manifest] of Object.entries(projects)) {
    const natively = installNatively(manifest)
    const here = { cold: [], known: [], warm: [] }
    for (let round = 0; round < repeats; round++) {
      const server = await serve()
      const first = await installHere({ browser, origin: server.origin, manifest })
      const second = await installHere({ browser, origin: server.origin, manifest })
      server.close()
      here.cold.push(first.cold)
      here.known.push(second.cold)
      here.warm.push(first.warm, second.warm)
    }
    for (const [how, baseline] of [
      ['cold', natively.cold],
      ['known', natively.cold],
      ['warm', natively.warm],
    ])
      print(`npm-install-${name}-${how}`, median(here[how]), 'ms', median(baseline))
  }
}

async function open({ browser, origin }, template) {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${origin}/p/new?template=${template}`)
  await page.waitForURL(/\/p\/(?!new)/)
  await page.waitForFunction(() => window.vitrine?.ready.then(() => true))
  return page
}

async function reactTemplate(site) {
  const page = await open(site, 'react')
  const manifest = await page.evaluate(() => window.vitrine.files.read('package.json'))
  await page.context().close()
  return manifest
}

async function installHere({ manifest, ...site }) {
  const page = await open(site, 'empty')
  try {
    await page.waitForTimeout(settleMs)
    return await page.evaluate(
      async ([manifest, timeoutMs]) => {
        await window.vitrine.files.write('app/package.json', manifest)
        const run = async (line) => {
          const startedAt = performance.now()
          const { exitCode, stderr } = await window.vitrine.run(line, { cwd: 'app', timeoutMs })
          if (exitCode !== 0) throw new Error(`${line}: ${stderr}`)
          return performance.now() - startedAt
        }
        const cold = await run('npm install')
        await run('rm -rf node_modules')
        return { cold, warm: await run('npm install') }
      },
      [manifest, limitMs],
    )
  } finally {
    await page.context().close()
  }
}

function installNatively(manifest) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-install-'))
  const npm = (...args) => {
    const startedAt = performance.now()
    const { status, stderr } = spawnSync('npm', [...args, ...quiet], {
      cwd: folder,
      encoding: 'utf8',
      timeout: limitMs,
    })
    if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`)
    return performance.now() - startedAt
  }
  const cache = (name) => `--cache=${join(folder, name)}`
  const times = { cold: [], warm: [] }
  try {
    writeFileSync(join(folder, 'package.json'), manifest)
    npm('install', '--package-lock-only', cache('first'))
    for (let round = 0; round < repeats; round++) {
      mkdirSync(join(folder, `cache-${round}`))
      times.cold.push(npm('ci', cache(`cache-${round}`)))
      times.warm.push(npm('ci', cache(`cache-${round}`)))
    }
    return times
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
