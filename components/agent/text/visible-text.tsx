import { memo } from 'react'
import { visiblePieces } from './hidden-characters'

/** Text as it really is: hidden characters stand out by name, so that what is approved is what is read. */
export const VisibleText = memo(function VisibleText({ text }: { text: string }) {
  return visiblePieces(text).map((piece, index) =>
    piece.hidden ? (
      <mark key={index} className="hidden-character" title={`Hidden character ${piece.text}`}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  )
})
