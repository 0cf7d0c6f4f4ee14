import { defineConfig } from 'playwright/test'
import { demoPort, toolServerPort, upstreamAppPort, upstreamPort } from './e2e/support/ports'
import { findChromium } from './scripts/chromium.mjs'

const isRoot = process.getuid?.() === 0
/** Modules tested in a browser bring their own pages; only the journeys need the app. */
const needsApp = !process.argv.some((argument) => argument.includes('.browser.test'))

const serve = (port: number, env: Record<string, string> = {}) => ({
  command: 'node scripts/start.mjs',
  url: `http://localhost:${port}/api/health`,
  env: { PORT: String(port), OPENAI_API_KEY: '', OPENAI_BASE_URL: '', VITRINE_MODELS: '', ...env },
  timeout: 300_000,
  reuseExistingServer: false,
  stdout: 'ignore' as const,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 5000 },
})

export default defineConfig({
  testDir: '.',
  testMatch: ['e2e/**/*.spec.ts', 'lib/**/*.browser.test.ts'],
  testIgnore: ['**/node_modules/**', '**/.next/**'],
  outputDir: 'test-results',
  timeout: 60_000,
  workers: 2,
  // What passes on a second try only is named in the closing lines: it hides a race, and is to be mended.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  use: {
    browserName: 'chromium',
    baseURL: `http://localhost:${demoPort}`,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: (await findChromium()) ?? undefined,
      args: ['--disable-gpu', '--disable-background-networking', ...(isRoot ? ['--no-sandbox'] : [])],
    },
  },
  webServer: needsApp
    ? [
        serve(demoPort, { VITRINE_MCP_SERVERS: `http://127.0.0.1:${toolServerPort}/mcp` }),
        serve(upstreamAppPort, {
          OPENAI_API_KEY: 'test-key-that-must-stay-on-the-server',
          OPENAI_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
          VITRINE_MODELS: 'test-model',
        }),
      ]
    : [],
})
