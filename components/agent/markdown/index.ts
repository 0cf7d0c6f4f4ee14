// Markdown as the agent writes it, shown so that nothing loads, runs or navigates before a person says so.
// Runs in the browser and in Node (tests render it to a string).
// Must never emit an image, frame, form, style or script, nor a link that opens without a confirmation.
export { Markdown } from './markdown'
