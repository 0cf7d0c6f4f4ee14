import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveSandbox } from '../serve-sandbox.mjs'
import { root } from '../setup.mjs'
import { preview } from './preview.mjs'
import { median, print, repeats } from './report.mjs'

/** The embedded sandbox alone, on a page of its own: what it costs to start, to fork, to kill, to flood, to show a page. */
export async function sandbox({ browser }) {
  const server = await serveSandbox('contract-page.ts')
  try {
    const newPage = async () => {
      const page = await (await browser.newContext()).newPage()
      await page.goto(server.origin)
      return page
    }
    await coldBoot(newPage)
    const page = await newPage()
    await warmNode(page)
    await oneTestFile(page)
    await fork(page)
    await kill(page)
    await flood(page)
    await candidates(page)
  } finally {
    await server.close()
  }
  await preview({ browser })
}

async function coldBoot(newPage) {
  const times = []
  for (let i = 0; i < repeats; i++) {
    const page = await newPage()
    times.push(
      await page.evaluate(async () => {
        const startedAt = performance.now()
        const machine = await window.createEmbeddedSandbox({ files: new Map([['a.ts', 'console.log("out")']]) })
        const child = await machine.spawn('node a.ts')
        const { data } = await new Promise((resolve) => child.onOutput(resolve))
        const ms = performance.now() - startedAt
        const said = new TextDecoder().decode(data)
        if (said !== 'out\n') throw new Error(`The program said: ${said}`)
        return ms
      }),
    )
    await page.context().close()
  }
  print('sandbox-cold-boot-to-first-output', median(times), 'ms', 400)
}

async function warmNode(page) {
  const times = await page.evaluate(async (count) => {
    const machine = await window.createEmbeddedSandbox()
    const run = async () => {
      const startedAt = performance.now()
      await (await machine.spawn('node -e 0')).exit
      return performance.now() - startedAt
    }
    await run()
    const all = []
    for (let i = 0; i < count; i++) {
      // As a user types: a spare Worker has had the time to start.
      await new Promise((resolve) => setTimeout(resolve, 400))
      all.push(await run())
    }
    await machine.dispose()
    return all
  }, repeats)
  const native = Array.from({ length: repeats }, () => timed(() => spawnSync(process.execPath, ['-e', '0'])))
  print('sandbox-warm-node-e-0', median(times), 'ms', median(native))
}

/** A test file is edited and run again, here and by `vitest run` in Node. */
async function oneTestFile(page) {
  const source = (n) => `export const add = (a: number, b: number): number => a + b + ${n} - ${n}\n`
  const test = `import { expect, it } from 'vitest'\nimport { add } from './add'\nfor (let i = 0; i < 10; i++) it(\`adds \${i}\`, () => expect(add(i, 1)).toBe(i + 1))\n`
  const files = { 'package.json': '{"type":"module"}', 'add.ts': source(0), 'add.test.ts': test }
  const times = await page.evaluate(
    async ([entries, texts]) => {
      const machine = await window.createEmbeddedSandbox({ files: new Map(entries) })
      await machine.test()
      const all = []
      for (const after of texts) {
        await new Promise((resolve) => setTimeout(resolve, 400))
        const startedAt = performance.now()
        await machine.apply([{ path: 'add.ts', after }])
        const report = await machine.test({ files: ['add.test.ts'] })
        if (report.passed !== 10) throw new Error(JSON.stringify(report))
        all.push(performance.now() - startedAt)
      }
      await machine.dispose()
      return all
    },
    [Object.entries(files), Array.from({ length: repeats }, (_, n) => source(n + 1))],
  )
  print('sandbox-test-file-after-edit', median(times), 'ms', nativeVitest(files, source))
}

function nativeVitest(files, source) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine bench '))
  try {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const times = Array.from({ length: repeats }, (_, n) => {
      writeFileSync(join(folder, 'add.ts'), source(n + 1))
      return timed(() => {
        const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
        const { status } = spawnSync(process.execPath, args, { cwd: folder })
        if (status !== 0) throw new Error('vitest in Node failed on the generated suite.')
      })
    })
    return median(times)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fork(page) {
  const times = await page.evaluate(async (count) => {
    const files = new Map(
      Array.from({ length: 2000 }, (_, n) => [`src/folder-${n % 40}/file-${n}.ts`, `// ${n}\n${'x'.repeat(2000)}`]),
    )
    const machine = await window.createEmbeddedSandbox({ files })
    const all = []
    for (let i = 0; i < count; i++) {
      const startedAt = performance.now()
      const copy = await machine.fork()
      all.push(performance.now() - startedAt)
      await copy.dispose()
    }
    await machine.dispose()
    return all
  }, repeats)
  print('sandbox-fork-2000-files', median(times), 'ms', 20)
}

async function kill(page) {
  const times = await page.evaluate(async (count) => {
    const machine = await window.createEmbeddedSandbox({ files: new Map([['loop.js', 'console.log(1); for (;;);']]) })
    const all = []
    for (let i = 0; i < count; i++) {
      const child = await machine.spawn('node loop.js')
      await new Promise((resolve) => child.onOutput(resolve))
      const startedAt = performance.now()
      child.kill('SIGKILL')
      await child.exit
      all.push(performance.now() - startedAt)
    }
    await machine.dispose()
    return all
  }, repeats)
  print('sandbox-kill-endless-loop', median(times), 'ms', 100)
}

/** 50 MB on stdout: the longest time in which the page could not answer. */
async function flood(page) {
  const code = `const line = 'x'.repeat(99) + '\\n'; for (let i = 0; i < 524288; i++) process.stdout.write(line)`
  const longest = await page.evaluate(
    async ([source, count]) => {
      const machine = await window.createEmbeddedSandbox({ files: new Map([['flood.js', source]]) })
      const all = []
      for (let i = 0; i < count; i++) {
        let longestTask = 0
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) longestTask = Math.max(longestTask, entry.duration)
        })
        observer.observe({ type: 'longtask' })
        const child = await machine.spawn('node flood.js')
        let bytes = 0
        child.onOutput(({ data }) => {
          bytes += data.byteLength
        })
        await child.exit
        if (bytes < 1_000_000) throw new Error(`Only ${bytes} bytes came.`)
        await new Promise((resolve) => setTimeout(resolve, 100))
        observer.disconnect()
        all.push(longestTask)
      }
      await machine.dispose()
      return all
    },
    [code, repeats],
  )
  print('sandbox-50-mb-output-longest-task', median(longest), 'ms', 50)
}

/** Four forks do the same work at once; the baseline is four times one, spread over the cores. */
async function candidates(page) {
  const code = `let x = 0; const until = 4e8; for (let i = 0; i < until; i++) x = (x * 31 + i) | 0; console.log(x)`
  const { one, four, cores } = await page.evaluate(
    async ([source, count]) => {
      const machine = await window.createEmbeddedSandbox({ files: new Map([['work.js', source]]) })
      const work = async (target) => (await target.spawn('node work.js')).exit
      const elapsed = async (task) => {
        const startedAt = performance.now()
        await task()
        return performance.now() - startedAt
      }
      await work(machine)
      const times = { one: [], four: [] }
      for (let i = 0; i < count; i++) {
        times.one.push(await elapsed(() => work(machine)))
        const forks = await Promise.all([1, 2, 3, 4].map(() => machine.fork()))
        times.four.push(await elapsed(() => Promise.all(forks.map(work))))
        await Promise.all(forks.map((fork) => fork.dispose()))
      }
      await machine.dispose()
      return { ...times, cores: navigator.hardwareConcurrency }
    },
    [code, repeats],
  )
  print('sandbox-four-candidates', median(four), 'ms', (4 * median(one)) / Math.min(4, cores))
}

function timed(work) {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}
