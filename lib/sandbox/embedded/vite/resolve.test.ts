import { expect, it } from 'vitest'
import { createVirtualFs } from '../process/virtual-fs'
import { createProject } from './project'
import { createWebResolver } from './resolve'

it('takes a linked package of the workspace as the files behind the link', () => {
  const fs = createVirtualFs([])
  const write = (path: string, text: string) => {
    fs.mkdir(`/home/project/${path}`.replace(/\/[^/]*$/, ''), { recursive: true })
    fs.writeFile(`/home/project/${path}`, text)
  }
  write('apps/web/src/main.ts', '')
  write('packages/ui/package.json', '{"name":"@acme/ui","exports":{".":"./src/index.tsx"}}')
  write('packages/ui/src/index.tsx', '')
  write('node_modules/plain/package.json', '{"name":"plain","main":"index.js"}')
  write('node_modules/plain/index.js', '')
  fs.mkdir('/home/project/node_modules/@acme')
  fs.symlink('../../packages/ui', '/home/project/node_modules/@acme/ui')
  const options = { aliases: [], conditions: ['browser'], dedupe: [], tsconfigPaths: false }
  const { resolve } = createWebResolver(createProject(fs, '/home/project/apps/web'), options)
  const find = (specifier: string) => resolve(specifier, '/home/project/apps/web/src/main.ts')
  expect(find('@acme/ui')).toEqual({ kind: 'file', path: '/home/project/packages/ui/src/index.tsx', query: '' })
  expect(find('plain')).toEqual({ kind: 'file', path: '/home/project/node_modules/plain/index.js', query: '' })
})
