import type { Template } from './types'
import { viteFiles } from './vite-project'

export const vue: Template = {
  name: 'vue',
  title: 'Vue',
  description: 'A Vue app in TypeScript on vite. Edits keep the state.',
  icon: 'triangle',
  openFile: 'src/App.vue',
  files: {
    ...viteFiles({
      name: 'vue-app',
      title: 'Vue',
      entry: 'src/main.ts',
      dependencies: { vue: '^3.5.44' },
      devDependencies: { '@vitejs/plugin-vue': '^6.0.10' },
      plugin: { imported: 'vue', from: '@vitejs/plugin-vue', call: 'vue()' },
    }),
    'src/main.ts': `import { createApp } from 'vue'
import App from './App.vue'
import './style.css'

createApp(App).mount('#app')
`,
    'src/App.vue': `<script setup lang="ts">
import { ref } from 'vue'

const count = ref(0)
</script>

<template>
  <main>
    <h1>Hello, Vue</h1>
    <button @click="count++">Count is {{ count }}</button>
  </main>
</template>

<style scoped>
main {
  text-align: center;
}
</style>
`,
    'src/components.d.ts': `declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
`,
  },
}
