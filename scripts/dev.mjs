// `npm run dev`: the app with hot reload, and sandbox bundles that follow their sources.
import { checkNode, ensureInstalled, runBin } from './setup.mjs'

checkNode()
await ensureInstalled()
const { buildSandbox } = await import('./build-sandbox.mjs')
await buildSandbox({ watch: true })
const code = await runBin('next/dist/bin/next', ['dev', '-p', process.env.PORT ?? '3000'], {
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
})
process.exit(code)
