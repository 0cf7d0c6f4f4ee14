import { defineConfig } from 'playwright/test'
import { findChromium } from './scripts/chromium.mjs'

const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: '.',
  testMatch: ['e2e/**/*.spec.ts', 'lib/**/*.browser.test.ts'],
  testIgnore: ['**/node_modules/**', '**/.next/**'],
  outputDir: 'test-results',
  timeout: 60_000,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: (await findChromium()) ?? undefined,
      args: ['--disable-gpu', '--disable-background-networking', ...(isRoot ? ['--no-sandbox'] : [])],
    },
  },
})
