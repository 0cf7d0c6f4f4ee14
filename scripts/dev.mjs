// `npm run dev`: the app with hot reload, and sandbox bundles that follow their sources.
import { listenHost } from './listen-host.mjs'
import { checkNode, ensureInstalled, orFail, runBin } from './setup.mjs'

const host = orFail(() => listenHost(process.argv.slice(2), process.env))

checkNode()
await ensureInstalled()
const { buildSandbox } = await import('./build-sandbox.mjs')
await buildSandbox({ watch: true })
const code = await runBin('next/dist/bin/next', ['dev', '-p', process.env.PORT ?? '3000', '-H', host], {
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
})
process.exit(code)
