import type { capture } from '../capture/main'
import { tellIde } from './tell'

/** Tells the IDE what the page looks like. */
export async function tellPicture(draw: typeof capture): Promise<void> {
  try {
    tellIde({ kind: 'picture', picture: await draw() })
  } catch (error) {
    tellIde({ kind: 'no-picture', problem: error instanceof Error ? error.message : String(error) })
  }
}

/** What draws pages, from the text of its bundle: pages that nobody asks for a picture never get it. */
export const drawBy =
  (code: string): typeof capture =>
  () =>
    (new Function(`${code};return vitrinePart`)() as { capture: typeof capture }).capture()
