import type { capture } from '../capture/main'
import { tellIde } from './tell'

/** Draws the page with the code that was handed over, which pages that nobody asks for a picture never get. */
export async function tellPicture(code: string): Promise<void> {
  try {
    const part = new Function(`${code};return vitrinePart`)() as { capture: typeof capture }
    tellIde({ kind: 'picture', picture: await part.capture() })
  } catch (error) {
    tellIde({ kind: 'no-picture', problem: error instanceof Error ? error.message : String(error) })
  }
}
