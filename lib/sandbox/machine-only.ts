/**
 * Files that are the machine's business, not the project's: the editor, its history, checkpoints and share links never
 * see them. `keep`: they are stored with the project and come back with it (a repository, installed Python packages).
 * `drop`: they can be made again. Null: a file of the project.
 */
export function machineOnly(path: string): 'keep' | 'drop' | null {
  if (/(^|\/)(__pycache__|\.pytest_cache)(\/|$)/.test(path)) return 'drop'
  return /(^|\/)(\.git|\.venv)(\/|$)/.test(path) ? 'keep' : null
}
