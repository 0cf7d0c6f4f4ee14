import { basename, extname } from '@/lib/base'

const byExtension: Record<string, string> = {
  '.ts': 'typescript',
  '.tsx': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.js': 'javascript',
  '.jsx': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.json': 'json',
  '.css': 'css',
  '.scss': 'scss',
  '.less': 'less',
  '.html': 'html',
  '.htm': 'html',
  '.svg': 'xml',
  '.xml': 'xml',
  '.md': 'markdown',
  '.mdx': 'mdx',
  '.yml': 'yaml',
  '.yaml': 'yaml',
  '.py': 'python',
  '.sh': 'shell',
  '.sql': 'sql',
  '.graphql': 'graphql',
  '.java': 'java',
  '.rb': 'ruby',
  '.go': 'go',
  '.rs': 'rust',
  '.c': 'c',
  '.h': 'c',
  '.cpp': 'cpp',
}

/** Monaco's language id for a path. */
export function languageOf(path: string): string {
  if (/^(dockerfile)$/i.test(basename(path))) return 'dockerfile'
  return byExtension[extname(path)] ?? 'plaintext'
}

/** Files that TypeScript reads: they get models at once, so that errors across files are found. */
export function isTypeScriptSource(path: string): boolean {
  const language = languageOf(path)
  return language === 'typescript' || language === 'javascript'
}
