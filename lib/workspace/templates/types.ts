/** A project to start from. */
export interface Template {
  /** In addresses: `/p/new?template=<name>`. */
  name: string
  title: string
  description: string
  /** Name of a lucide icon. */
  icon: 'flask-conical' | 'file-code-2' | 'file' | 'layout-template' | 'hexagon' | 'atom' | 'triangle' | 'flame'
  files: Record<string, string>
  /** Opened first. */
  openFile: string
}
