import { expect, type Page } from 'playwright/test'
import type {} from '@/components/workbench/project-page'

/** Makes a project from a template and waits until its files can be edited. */
export async function newProject(page: Page, template: string, origin = ''): Promise<void> {
  await page.goto(`${origin}/p/new?template=${template}`)
  await workspaceReady(page)
}

export async function workspaceReady(page: Page): Promise<void> {
  await page.waitForURL(/\/p\/[0-9a-f-]{36}/)
  await page.waitForFunction(() => window.vitrine !== undefined)
  await page.evaluate(() => window.vitrine.ready)
}

export function isNarrow(page: Page): boolean {
  return (page.viewportSize()?.width ?? 0) < 768
}

/** On a narrow screen one pane shows at a time. */
export async function showPane(page: Page, label: 'Files' | 'Editor' | 'Agent' | 'Panel' | 'Preview'): Promise<void> {
  if (isNarrow(page)) await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: label }).click()
}

export async function openFile(page: Page, name: string): Promise<void> {
  await showPane(page, 'Files')
  await page.getByRole('treeitem', { name: new RegExp(`^${name.replaceAll('.', '\\.')}`) }).click()
  await showPane(page, 'Editor')
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible()
}

export async function typeAtEnd(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-editor .view-line').first().click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(text)
}

/** Types a command into the terminal and waits for text in its output. */
export async function runInTerminal(page: Page, command: string, expected: string | RegExp): Promise<void> {
  await showPane(page, 'Panel')
  await page.getByRole('tab', { name: 'Terminal' }).click()
  await page.locator('.xterm-screen').click()
  await page.keyboard.type(command)
  await page.keyboard.press('Enter')
  await expect(page.locator('.xterm-rows')).toContainText(expected, { timeout: 30_000 })
}

export function readFile(page: Page, path: string): Promise<string> {
  return page.evaluate((name) => window.vitrine.files.read(name), path)
}

/** Fails the test, with its address, when the page asks any host but the given one. */
export function watchHosts(page: Page): { assertOnly(origin: string): void } {
  const asked = new Set<string>()
  page.on('request', (request) => asked.add(request.url()))
  page.on('websocket', (socket) => asked.add(socket.url()))
  return {
    assertOnly(origin) {
      const others = [...asked].filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url))
      expect(others).toEqual([])
    },
  }
}

/** From the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P')
  await page.getByRole('combobox', { name: 'Commands' }).fill(`>${title}`)
  await page.getByRole('option', { name: new RegExp(title) }).click()
}
