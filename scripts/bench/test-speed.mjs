import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fail, root, runBin } from '../setup.mjs'
import { median, print, repeats } from './report.mjs'

/** 100 tests: from a saved edit to the result on screen, against `vitest run` in Node on the same files. */
export async function testSpeed({ browser, origin }) {
  const files = suiteOf100()
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(`${origin}/p/new?template=empty`)
  await page.waitForURL(/\/p\/[0-9a-f-]{36}/)
  await page.waitForFunction(() => window.vitrine)
  await page.evaluate(async (mounted) => {
    await window.vitrine.files.mount(mounted)
    await window.vitrine.sandbox
    await window.vitrine.test()
  }, files)
  await page.getByRole('tab', { name: /^Tests/ }).click()
  const tab = []
  for (let i = 0; i < repeats; i++) {
    tab.push(
      await page.evaluate(async (version) => {
        const startedAt = performance.now()
        await window.vitrine.files.write('src/shared.ts', `export const version = ${version}\n`)
        const report = await window.vitrine.test()
        if (report.passed !== 100)
          throw new Error(`Expected 100 tests to pass, got ${JSON.stringify(report).slice(0, 500)}`)
        const isShown = () =>
          [...document.querySelectorAll('[role=status]')].some(({ textContent }) =>
            /100 passed in (?!.*before the last change)/.test(textContent),
          )
        do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        while (!isShown())
        return performance.now() - startedAt
      }, i),
    )
  }
  await page.context().close()
  const native = await nativeRuns(files)
  print('test-speed-100-tests', median(tab), 'ms', median(native))
}

async function nativeRuns(files) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine bench '))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const times = []
    for (let i = 0; i < repeats; i++) {
      const startedAt = performance.now()
      const code = await runBin('vitest/vitest.mjs', ['run', '--root', folder], { cwd: folder, stdio: 'ignore' })
      if (code !== 0) fail('vitest in Node failed on the generated suite.')
      times.push(performance.now() - startedAt)
    }
    return times
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Ten exercises of ten tests each, all importing one shared module. */
function suiteOf100() {
  const files = {
    'package.json': '{ "name": "suite", "type": "module", "private": true }\n',
    'src/shared.ts': 'export const version = 0\n',
  }
  for (let i = 0; i < 10; i++) {
    files[`src/exercise-${i}.ts`] =
      `import { version } from './shared'\nexport function rotate<T>(list: T[], by: number): T[] {\n  const at = ((by % list.length) + list.length) % list.length\n  return [...list.slice(at), ...list.slice(0, at)]\n}\nexport const label = (n: number): string => \`${i}-\${n}-\${version >= 0}\`\n`
    const tests = Array.from(
      { length: 10 },
      (_, n) =>
        `  it('rotates by ${n}', () => {\n    expect(rotate([1, 2, 3, 4, 5], ${n})[0]).toBe(${(n % 5) + 1})\n    expect(label(${n})).toMatch(/${i}-${n}-true/)\n  })\n`,
    )
    files[`src/exercise-${i}.test.ts`] =
      `import { describe, expect, it } from 'vitest'\nimport { label, rotate } from './exercise-${i}'\n\ndescribe('exercise ${i}', () => {\n${tests.join('')}})\n`
  }
  return files
}
