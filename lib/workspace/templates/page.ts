/** What the pages of the templates have in common: the look of the page and of a button, and the frame of the document. */
export const pageStyle = `:root {
  color-scheme: light dark;
  font-family: system-ui, sans-serif;
}

body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  place-items: center;
  background: light-dark(#f7f4ee, #1b1c1f);
  color: light-dark(#24211c, #ece9e2);
}
`

export const buttonStyle = `button {
  padding: 0.6rem 1.4rem;
  border: 1px solid light-dark(#c9c2b4, #46474d);
  border-radius: 999px;
  background: transparent;
  color: inherit;
  font: inherit;
  cursor: pointer;
}
`

/** `head` and `body` are whole lines, indented by four spaces. */
export function htmlPage({ title, head = '', body }: { title: string; head?: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
${head}  </head>
  <body>
${body}  </body>
</html>
`
}
