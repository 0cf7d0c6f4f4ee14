export function toCsv(rows, columns) {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ key }) => row[key]))]
  return lines.map((fields) => `${fields.map(toField).join(',')}\r\n`).join('')
}

function toField(value) {
  if (value === null || value === undefined) return ''
  const text = typeof value !== 'number' && /^[=+\-@]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
