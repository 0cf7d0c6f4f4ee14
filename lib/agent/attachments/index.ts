// What the user attaches to a message: references that become one item of the history when the turn begins.
// Runs everywhere. Must never send a key that stands in a file.
export { type Attachment, toRecorded } from './attachment'
export { attachmentsItem } from './attachments-item'
