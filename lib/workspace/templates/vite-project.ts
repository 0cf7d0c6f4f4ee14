import { buttonStyle, htmlPage, pageStyle } from './page'

/** What the templates on vite share. */
export interface ViteProject {
  /** npm name, e.g. `react-app`. */
  name: string
  title: string
  /** Module that the page starts with. */
  entry: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  /** Import and call of the framework's plugin. */
  plugin: { from: string; imported: string; call: string }
  compilerOptions?: Record<string, unknown>
}

/** The files that a project on vite has whatever its framework. */
export function viteFiles(project: ViteProject): Record<string, string> {
  const { name, title, entry, dependencies, devDependencies, plugin, compilerOptions = {} } = project
  return {
    'README.md': `# ${title}\n\n\`npm install\`, then \`npm run dev\`, or open the preview: it does both. Edits show at once.\n`,
    'package.json': toJson({
      name,
      version: '1.0.0',
      private: true,
      type: 'module',
      scripts: { dev: 'vite', build: 'vite build', preview: 'vite preview' },
      dependencies,
      devDependencies: { ...devDependencies, vite: '^8.3.4' },
    }),
    'vite.config.ts': `import ${plugin.imported} from '${plugin.from}'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [${plugin.call}],
})
`,
    'tsconfig.json': toJson({
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2023', 'DOM'],
        module: 'ESNext',
        moduleResolution: 'bundler',
        allowImportingTsExtensions: true,
        noEmit: true,
        strict: true,
        verbatimModuleSyntax: true,
        ...compilerOptions,
      },
      include: ['src'],
    }),
    'index.html': htmlPage({
      title,
      body: `    <div id="app"></div>
    <script type="module" src="/${entry}"></script>
`,
    }),
    'src/style.css': `${pageStyle}
${buttonStyle}`,
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
