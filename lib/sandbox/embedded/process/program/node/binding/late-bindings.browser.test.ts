import { expect, type Page, test } from 'playwright/test'
import { serveSandbox, type TestServer } from '../../../../../testing/serve-sandbox'

/** Programs and what they print; Node prints the same. */
const programs: [claim: string, program: string, output: string][] = [
  [
    'hashes, signs and encrypts',
    `const crypto = require('node:crypto')
     const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
     const signature = crypto.sign('sha256', Buffer.from('x'), privateKey)
     const cipher = crypto.createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12))
     cipher.update('secret'), cipher.final()
     console.log(crypto.createHash('md5').update('a').digest('hex'), crypto.verify('sha256', Buffer.from('x'), publicKey, signature), cipher.getAuthTag().toString('hex'))`,
    '0cc175b9c0f1b6a831c399e269772661 true bf22204fce9cc1eb393a162e7d3657b1\n',
  ],
  [
    'waits for what was begun',
    `const crypto = require('node:crypto')
     crypto.pbkdf2('p', 's', 10, 8, 'sha1', async (error, key) => {
       console.log('key', key.toString('hex'))
       console.log('hash', (await crypto.webcrypto.subtle.digest('SHA-256', key)).byteLength)
     })`,
    'key bc9be2c2dbfc9a16\nhash 32\n',
  ],
  [
    'packs with gzip, Brotli and Zstandard',
    `const zlib = require('node:zlib')
     const text = 'again and '.repeat(500)
     for (const name of ['gzip', 'deflate', 'brotliCompress', 'zstdCompress']) {
       const packed = zlib[name + 'Sync'](text)
       const read = { gzip: zlib.gunzipSync, deflate: zlib.inflateSync, brotliCompress: zlib.brotliDecompressSync, zstdCompress: zlib.zstdDecompressSync }[name]
       console.log(name, packed.length < 200, read(packed).toString() === text)
     }`,
    'gzip true true\ndeflate true true\nbrotliCompress true true\nzstdCompress true true\n',
  ],
]

test.describe('bindings that are loaded on first use', () => {
  let server: TestServer
  let page: Page
  test.beforeAll(async ({ browser }) => {
    server = await serveSandbox('lib/sandbox/testing/contract-page.ts')
    page = await browser.newPage()
    await page.goto(server.origin)
  })
  test.afterAll(async () => {
    await page.close()
    await server.close()
  })

  for (const [claim, program, expected] of programs) {
    test(claim, async () => {
      const outcome = await page.evaluate(async (text) => {
        const sandbox = await window.createEmbeddedSandbox({ files: new Map([['program.cjs', text]]) })
        const child = await sandbox.spawn('node program.cjs')
        let output = ''
        const decoder = new TextDecoder()
        child.onOutput(({ data }) => {
          output += decoder.decode(data, { stream: true })
        })
        const { exitCode } = await child.exit
        await sandbox.dispose()
        return { exitCode, output }
      }, program)
      expect(outcome).toEqual({ exitCode: 0, output: expected })
    })
  }
})
