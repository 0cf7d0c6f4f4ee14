import type { Task } from '@vitest/runner'

/** Of a test or suite and all suites around it, the outermost first. */
export function titlesOf(task: Task): string[] {
  const titles: string[] = []
  for (
    let current: Task | undefined = task;
    current !== undefined && !('filepath' in current);
    current = current.suite
  ) {
    if (current.name !== '') titles.unshift(current.name)
  }
  return titles
}
