import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const conformance = process.env.VITRINE_SUITE === 'conformance'

export default defineConfig({
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, ''),
      'server-only': fileURLToPath(new URL('./scripts/empty.mjs', import.meta.url)),
    },
  },
  test: {
    include: conformance ? ['**/*.conformance.ts'] : ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/.next/**', '**/*.browser.test.ts', 'e2e/**', 'evals/**'],
    testTimeout: conformance ? 60_000 : 10_000,
    // A process runs many files and loads each module once, which halves the time.
    isolate: false,
    setupFiles: ['./scripts/unit-test-setup.mjs'],
  },
})
