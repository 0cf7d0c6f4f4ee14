import { readFileSync } from 'node:fs'
import { expect, type Page, test } from 'playwright/test'
import { readZip } from '@/lib/sandbox/embedded/shell/zip-file'
import { newProject, runCommand, workspaceReady } from './support/workbench'

const run = (page: Page, command: string) =>
  page.evaluate(async (line) => {
    const { exitCode, stdout, stderr } = await window.vitrine.run(line)
    return { exitCode, stdout, stderr }
  }, command)
const ok = (stdout: unknown) => ({ exitCode: 0, stdout, stderr: '' })
const denied = { exitCode: 126, stdout: '', stderr: expect.stringContaining('chmod +x ./build.sh') }

test('what is executable lasts: through a reload, checkpoints, undo, a download, a link and a fork', async ({
  page,
  browser,
}) => {
  await newProject(page, 'empty')
  await page.evaluate(() => window.vitrine.files.write('build.sh', '#!/bin/sh\necho "built $1"\n'))
  expect(await run(page, './build.sh')).toEqual(denied)
  expect(await run(page, 'bash build.sh 1')).toEqual(ok('built 1\n'))
  expect(await run(page, 'chmod +x build.sh && ./build.sh 2')).toEqual(ok('built 2\n'))
  expect(
    await run(page, 'git init -q && git add . && git commit -qm One 2>&1 | wc -l && git ls-files -s build.sh'),
  ).toEqual(ok(expect.stringMatching(/\n100755 .*build\.sh\n$/)))

  await page.reload()
  await workspaceReady(page)
  expect(await run(page, 'git status --short && ./build.sh 3')).toEqual(ok('built 3\n'))

  await page.evaluate(() => window.vitrine.agent.send('Explain build.sh', { mode: 'ask' }))
  expect(await run(page, 'chmod -x build.sh')).toEqual(ok(''))
  await page.evaluate(async () => {
    const [first] = await window.vitrine.checkpoints.list()
    await window.vitrine.checkpoints.restore(first?.id ?? '', 'files')
  })
  expect(await run(page, './build.sh 4')).toEqual(ok('built 4\n'))
  await runCommand(page, 'Undo the last change of files')
  await expect.poll(() => run(page, './build.sh')).toEqual(denied)
  await runCommand(page, 'Redo the last change of files')
  await expect.poll(() => run(page, './build.sh 5')).toEqual(ok('built 5\n'))

  const download = page.waitForEvent('download')
  await runCommand(page, 'Download as .zip')
  const archive = readZip(new Uint8Array(readFileSync(await (await download).path())))
  expect(archive?.filter(({ mode }) => mode !== 0o644).map(({ name, mode }) => [name, mode])).toEqual([
    ['build.sh', 0o755],
  ])

  // Without an interpreter in its first line nobody could guess it; nor that this script is not.
  await page.evaluate(() => window.vitrine.files.write('plain.sh', '#!/bin/sh\n'))
  expect(await run(page, "printf 'echo tool\\n' > tool && chmod +x tool")).toEqual(ok(''))
  const url = await page.evaluate(() => window.vitrine.share.link())
  const profile = await browser.newContext()
  const guest = await profile.newPage()
  await guest.goto(url)
  await workspaceReady(guest)
  const linked = guest.url()
  await guest.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Trust and fork' }).click()
  await guest.waitForURL((now) => now.href !== linked)
  await workspaceReady(guest)
  expect(await run(guest, './tool; ./build.sh 6; stat -c %a plain.sh')).toEqual(ok('tool\nbuilt 6\n644\n'))
  await profile.close()
})
