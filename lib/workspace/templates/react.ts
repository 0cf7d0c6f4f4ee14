import type { Template } from './types'
import { viteFiles } from './vite-project'

export const react: Template = {
  name: 'react',
  title: 'React',
  description: 'A React app in TypeScript on vite. Edits keep the state.',
  icon: 'atom',
  openFile: 'src/App.tsx',
  files: {
    ...viteFiles({
      name: 'react-app',
      title: 'React',
      entry: 'src/main.tsx',
      dependencies: { react: '^19.3.1', 'react-dom': '^19.3.1' },
      devDependencies: {
        '@types/react': '^19.3.0',
        '@types/react-dom': '^19.3.0',
        '@vitejs/plugin-react': '^6.1.2',
      },
      plugin: { imported: 'react', from: '@vitejs/plugin-react', call: 'react()' },
      compilerOptions: { jsx: 'react-jsx' },
    }),
    // Line by line: as whole texts they would look like imports of this file.
    'src/main.tsx': [
      "import { StrictMode } from 'react'",
      "import { createRoot } from 'react-dom/client'",
      "import { App } from './App.tsx'",
      "import './style.css'",
      '',
      "createRoot(document.getElementById('app')!).render(",
      '  <StrictMode>',
      '    <App />',
      '  </StrictMode>,',
      ')',
      '',
    ].join('\n'),
    'src/App.tsx': [
      "import { useState } from 'react'",
      '',
      'export function App() {',
      '  const [count, setCount] = useState(0)',
      '  return (',
      '    <main>',
      '      <h1>Hello, React</h1>',
      '      <button onClick={() => setCount(count + 1)}>Count is {count}</button>',
      '    </main>',
      '  )',
      '}',
      '',
    ].join('\n'),
  },
}
