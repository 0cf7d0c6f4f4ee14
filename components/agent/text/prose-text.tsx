import { VisibleText } from './visible-text'

/** A sentence of the model's outside its answers: what stands in backticks is code, all else is as it is written. */
export function ProseText({ text }: { text: string }) {
  // Every second piece stood in backticks.
  return text.split(/`([^`\n]+)`/).map((piece, index) =>
    index % 2 === 1 ? (
      <code key={index} className="rounded-sm bg-sunken px-1 text-[0.92em]">
        <VisibleText text={piece} />
      </code>
    ) : (
      <VisibleText key={index} text={piece} />
    ),
  )
}
