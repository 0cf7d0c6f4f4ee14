// What the user attaches to a message: references that become one item of the history when the turn begins.
// Runs everywhere. Must never send a key that stands in a file.
export { type Attachment, attachmentLabel, toRecorded } from './attachment'
export { attachmentsItem, maxImageCharacters, maxImages } from './attachments-item'
