import type { Template } from './types'
import { viteFiles } from './vite-project'

export const svelte: Template = {
  name: 'svelte',
  title: 'Svelte',
  description: 'A Svelte app in TypeScript on vite, with hot updates.',
  icon: 'flame',
  openFile: 'src/App.svelte',
  files: {
    ...viteFiles({
      name: 'svelte-app',
      title: 'Svelte',
      entry: 'src/main.ts',
      dependencies: {},
      devDependencies: { '@sveltejs/vite-plugin-svelte': '^7.3.1', svelte: '^5.57.3' },
      plugin: { imported: '{ svelte }', from: '@sveltejs/vite-plugin-svelte', call: 'svelte()' },
    }),
    'src/main.ts': `import { mount } from 'svelte'
import App from './App.svelte'
import './style.css'

mount(App, { target: document.getElementById('app')! })
`,
    'src/App.svelte': `<script lang="ts">
  let count = $state(0)
</script>

<main>
  <h1>Hello, Svelte</h1>
  <button onclick={() => count++}>Count is {count}</button>
</main>

<style>
  main {
    text-align: center;
  }
</style>
`,
    'src/components.d.ts': `declare module '*.svelte' {
  import type { Component } from 'svelte'
  const component: Component
  export default component
}
`,
  },
}
