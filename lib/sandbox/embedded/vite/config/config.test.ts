import { expect, it } from 'vitest'
import { createVirtualFs } from '../../process/virtual-fs'
import { createProject } from '../project'
import { loadConfig } from './config'

function load(files: Record<string, string>, command: 'serve' | 'build' = 'serve', mode = '') {
  const fs = createVirtualFs([])
  fs.mkdir('/home/project', { recursive: true })
  for (const [path, text] of Object.entries(files)) fs.writeFile(`/home/project/${path}`, text)
  return loadConfig(createProject(fs, '/home/project'), { command, mode, env: {} })
}

it('runs a config with TypeScript, Node’s path module, helpers of its own and the mode', async () => {
  const config = await load(
    {
      'vite.config.ts': `import { defineConfig, type UserConfig } from 'vite'
import { fileURLToPath, URL } from 'node:url'
import path from 'node:path'
import { base } from './base'
export default defineConfig(async ({ mode, command }): Promise<UserConfig> => ({
  base, define: { __MODE__: JSON.stringify(mode + command) }, server: { port: 4000 },
  resolve: { alias: { '@': path.resolve(__dirname, './src'), '#lib': fileURLToPath(new URL('./lib', import.meta.url)) } },
}))`,
      'base.ts': `export const base: string = '/app'`,
    },
    'build',
  )
  expect(config).toMatchObject({
    base: '/app/',
    port: 4000,
    mode: 'production',
    define: { __MODE__: '"productionbuild"' },
    aliases: [
      { find: '@', replacement: '/home/project/src' },
      { find: '#lib', replacement: '/home/project/lib' },
    ],
    warnings: [],
  })
})

it('knows the usual plugins and names what it does not run', async () => {
  const config = await load({
    'vite.config.js': `import react from '@vitejs/plugin-react-swc'
import { svgr } from 'vite-plugin-svgr'
export default { plugins: [[react()], svgr({}), { name: 'mine' }, false], ssr: {}, css: { postcss: {} }, build: { lib: {}, target: 'esnext', outDir: 'out' } }`,
  })
  expect(config.frameworks).toEqual(['react'])
  expect(config.warnings).toEqual([
    '“ssr” of the config is not used here.',
    '“build.lib” of the config is not used here.',
    '“build.target” of the config is not used here.',
    'The plugin “vite-plugin-svgr” is not run here.',
    'The plugin “mine” is not run here.',
  ])
})

it('shows pages the prefixed variables of the mode’s files alone', async () => {
  const files = {
    '.env': `VITE_A=1\nVITE_B="two # words"\nSECRET=no\nVITE_C=$VITE_A-\${VITE_B} # comment`,
    '.env.staging': 'VITE_A=3',
  }
  const { env } = await load(files, 'serve', 'staging')
  expect(env).toEqual({
    BASE_URL: '/',
    MODE: 'staging',
    DEV: true,
    PROD: false,
    SSR: false,
    VITE_A: '3',
    VITE_B: 'two # words',
    VITE_C: '3-two # words',
  })
})

it('empties the output folder as Vite does, and never the project', async () => {
  const empties = async (config: object) =>
    (await load({ 'vite.config.js': `export default ${JSON.stringify(config)}` }, 'build')).emptyOutDir
  expect(await empties({})).toBe(true)
  expect(await empties({ build: { emptyOutDir: false } })).toBe(false)
  expect(await empties({ root: 'client', build: { outDir: '../dist' } })).toBe(false)
  expect(await empties({ root: 'client', build: { outDir: '../dist', emptyOutDir: true } })).toBe(true)
  expect(await empties({ build: { outDir: '.', emptyOutDir: true } })).toBe(false)
  expect(await empties({ root: 'client', build: { outDir: '..', emptyOutDir: true } })).toBe(false)
})

it('says which config is broken', async () => {
  await expect(load({ 'vite.config.ts': 'export default {' })).rejects.toThrow('vite.config.ts could not be read')
})

it('reads css.postcss: where its file is, or plugins by package; what stays behind is named', async () => {
  const config = (css: string) =>
    load({
      'vite.config.js': `import autoprefixer from 'autoprefixer'; import nested, { other } from 'postcss-nested'; import vars from 'postcss-vars'
export default { css: { postcss: ${css} } }`,
    })
  expect(await config(`'./styles'`)).toMatchObject({
    postcss: { kind: 'search', folder: '/home/project/styles' },
    warnings: [],
  })
  const inline = `{ plugins: [autoprefixer({ grid: true }), nested, false, vars({ get: () => 1 }), { postcssPlugin: 'mine' }], parser: {} }`
  expect(await config(inline)).toMatchObject({
    postcss: {
      kind: 'plugins',
      plugins: [
        ['autoprefixer', { grid: true }],
        ['postcss-nested', true],
        ['postcss-vars', {}],
      ],
    },
    warnings: [
      '“css.postcss.parser” of the config is not used here.',
      'Functions in the options of “postcss-vars” are not used here.',
      'The PostCSS plugin “mine” is not run here; put it into postcss.config.js.',
    ],
  })
  expect((await load({})).postcss).toBe(null)
})
