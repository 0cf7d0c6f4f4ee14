import { expect, type Locator, type Page, test } from 'playwright/test'
import { type StandInServer, startToolServer } from '@/lib/agent/testing/tool-server'
import type { ResponsesRequest } from '@/lib/models'
import { streamReply } from '@/lib/models/scripted'
import type { Reply } from '@/lib/models/scripted/reply'
import { toolServerPort } from './support/ports'
import { newProject, showPane } from './support/workbench'

const name = `127.0.0.1:${toolServerPort}/mcp`
let server: StandInServer

test.beforeAll(async () => {
  server = await startToolServer({
    port: toolServerPort,
    answers: 'stream',
    tools: [
      {
        name: 'find_note',
        description: 'Finds a note by a word.',
        inputSchema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
        annotations: { readOnlyHint: true },
        answer: ({ word }) => ({ content: [{ type: 'text', text: `A note about ${String(word)}.` }] }),
      },
      { name: 'delete_notes', description: 'Deletes all notes.' },
    ],
  })
})
test.afterAll(() => server.close())

const use = (tool: string): Reply => ({
  parts: [
    { type: 'function_call', name: 'use_server_tool', arguments: { server: name, tool, arguments: { word: 'tea' } } },
  ],
})

/** The model server's answers, in place of the demo model's. */
async function answerWith(page: Page, replies: Reply[]): Promise<ResponsesRequest[]> {
  const requests: ResponsesRequest[] = []
  await page.route('**/api/v1/responses', async (route) => {
    const request: ResponsesRequest = route.request().postDataJSON()
    requests.push(request)
    let body = ''
    const reply = replies.shift() ?? { parts: [{ type: 'text', text: 'Nothing more.' }] }
    for await (const event of streamReply(reply, { request, pace: 0 })) body += `data: ${JSON.stringify(event)}\n\n`
    await route.fulfill({ contentType: 'text/event-stream', body })
  })
  return requests
}

/** A server of the user's own, as far as it goes without the public internet. */
async function addCheckAndRemove(page: Page, dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Add a server' }).click()
  await expect(dialog.getByLabel('Address')).toBeFocused()
  await page.keyboard.type('https://10.0.0.1/mcp')
  await dialog.getByLabel('Token').fill('hush-hush-0123')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await expect(dialog.getByText('must lead to the public internet')).toBeVisible()
  await dialog.getByLabel('Address').fill('tools.example.org/mcp')
  await dialog.getByLabel('Name').fill('My notes')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('checkbox', { name: 'My notes https://tools.example.org/mcp' })).not.toBeChecked()
  await dialog.getByRole('button', { name: 'Remove My notes' }).click()
  await expect(dialog.getByText('My notes')).toBeHidden()
}

test('tools of a server are switched on, asked for, used, and switched off', async ({ page }) => {
  test.setTimeout(120_000)
  server.messages.splice(0)
  await page.setViewportSize({ width: 390, height: 844 })
  await newProject(page, 'demo')
  await showPane(page, 'Agent')

  const box = page.getByRole('textbox', { name: 'Message to the agent' })
  await box.fill('/servers')
  await box.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Tools from servers' })
  const toggle = dialog.getByRole('checkbox', { name })
  await expect(toggle).not.toBeChecked()
  expect(server.messages).toEqual([])
  await toggle.click()
  await expect(dialog.getByText('2 of 2 tools on')).toBeVisible()
  await dialog.getByRole('checkbox', { name: 'delete_notes' }).uncheck()
  await expect(dialog.getByText('1 of 2 tools on')).toBeVisible()
  await addCheckAndRemove(page, dialog)
  await page.keyboard.press('Escape')

  const last: Reply = { parts: [{ type: 'text', text: 'There is one.' }] }
  const requests = await answerWith(page, [use('find_note'), use('delete_notes'), last])
  await box.fill('Find my notes on tea')
  await box.press('Enter')
  const card = page.getByRole('region', { name: `Use find_note of ${name}?` })
  await expect(card).toContainText(`Sends this to http://${name}, outside this tab. It says that it only reads.`)
  await expect(card).toContainText('"word": "tea"')
  expect(server.messages.some(({ method }) => method === 'tools/call')).toBe(false)
  // A press just after the card appeared decides nothing.
  await page.waitForTimeout(600)
  await card.getByRole('button', { name: 'Allow once' }).click()
  await expect(page.getByRole('log').getByText('There is one.')).toBeVisible({ timeout: 30_000 })

  const told = await page.evaluate(() => JSON.stringify(window.vitrine.agent.history()))
  expect(told).toContain('- find_note (says that it only reads): Finds a note by a word.')
  expect(told).toContain('A note about tea.')
  expect(told).toContain('has no tool “delete_notes” that is switched on. It has: find_note.')
  expect(server.messages.filter(({ method }) => method === 'tools/call')).toHaveLength(1)
  expect(new Set(requests.map(({ tools }) => JSON.stringify(tools))).size).toBe(1)

  await page.reload()
  await showPane(page, 'Agent')
  await page.getByRole('button', { name: 'Tools from servers: 1 server on' }).click()
  await expect(dialog.getByRole('checkbox', { name: 'find_note' })).toBeChecked()
  await expect(dialog.getByRole('checkbox', { name: 'delete_notes' })).not.toBeChecked()
  await toggle.uncheck()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: /^Tools from servers/ })).toBeHidden()
})
