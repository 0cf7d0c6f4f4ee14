import * as z from 'zod'
import { maxImageCharacters } from '../attachments/attachment'

/** Shown and sent as it is. */
export const pictureSchema = z
  .string()
  .max(maxImageCharacters)
  .regex(/^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/)
