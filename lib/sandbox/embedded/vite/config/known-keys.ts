/** What of a config is used here or makes no difference, by section; '' is the top. */
const knownKeys = {
  '': 'root base mode define plugins publicDir resolve css esbuild server build preview optimizeDeps envPrefix appType test clearScreen logLevel cacheDir',
  resolve: 'alias dedupe conditions tsconfigPaths',
  css: 'preprocessorOptions devSourcemap postcss modules',
  'css.modules': 'localsConvention',
  esbuild: 'jsx jsxImportSource jsxFactory jsxFragment',
  server: 'port strictPort host open cors hmr watch allowedHosts fs warmup proxy',
  build:
    'outDir assetsDir assetsInlineLimit emptyOutDir minify sourcemap rollupOptions rolldownOptions chunkSizeWarningLimit reportCompressedSize',
  preview: 'port strictPort host open cors allowedHosts proxy',
  optimizeDeps: 'include exclude entries force holdUntilCrawlEnd',
}

/** One sentence for each key that would do something in Vite and does nothing here. */
export function unusedKeys(section: (name: string) => object): string[] {
  return Object.entries(knownKeys).flatMap(([name, text]) => {
    const known = text.split(' ')
    const [top = '', ...inner] = name.split('.')
    const values = inner.reduce((value, key) => Object(Reflect.get(value, key)), section(top))
    const unused = Object.keys(values).filter((key) => !known.includes(key))
    return unused.map((key) => `“${name === '' ? key : `${name}.${key}`}” of the config is not used here.`)
  })
}
