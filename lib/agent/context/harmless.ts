/** Text of the project inside a tag of ours: it can neither close that tag nor open another. */
export function harmless(text: string): string {
  return text.replaceAll(
    /<(?=\/?(project-instructions|environment|session|attachments|review-outcomes|review-request|summary-of))/gi,
    '‹',
  )
}
