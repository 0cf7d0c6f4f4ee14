import { expect, it } from 'vitest'
import { encodeUtf8 } from '@/lib/base'
import { insertScript } from './insert-script'

const script = '<script src="/first.js"></script>'

async function withScript(...parts: string[]): Promise<string> {
  const page = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const part of parts) controller.enqueue(encodeUtf8(part))
      controller.close()
    },
  })
  return new Response(page.pipeThrough(insertScript('/first.js'))).text()
}

it.each([
  [
    '<!doctype html><html lang="en"><head data-x><meta charset="utf-8">',
    '<!doctype html><html lang="en"><head data-x>',
  ],
  ['\ufeff<!-- <head> -->\n<!DOCTYPE html>\n<title>Ü</title>', '\ufeff<!-- <head> -->\n<!DOCTYPE html>\n'],
  ['<script>first()</script>', ''],
  ['plain text', ''],
  ['', ''],
  ['<header>Not a head</header>', ''],
])('stands before every other script in %j', async (page, before) => {
  // A decoded answer has lost its mark.
  const strip = (text: string) => text.replace('\ufeff', '')
  expect(await withScript(page)).toBe(strip(before) + script + strip(page.slice(before.length)))
})

it('finds the place when the page arrives in pieces, even letter by letter', async () => {
  const page = '<!-- a --><!doctype html>\n<html><head><title>T</title>'
  expect(await withScript(...page)).toBe(`<!-- a --><!doctype html>\n<html><head>${script}<title>T</title>`)
})

it('does not hold a page back once it knows', async () => {
  const { readable, writable } = insertScript('/first.js')
  const writer = writable.getWriter()
  const reader = readable.getReader()
  void writer.write(encodeUtf8('<html><head><title>'))
  expect(new TextDecoder().decode((await reader.read()).value)).toBe(`<html><head>${script}<title>`)
})
