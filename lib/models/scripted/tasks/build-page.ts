import type { Reply } from '../reply'
import { addFile, patch, plan, reply, say, search } from '../say'
import { refusal, type Transcript } from '../transcript'

const steps = ['Find a free name', 'Write the page, its style and its script', 'Open the preview']

const html = (folder: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Counter</title>
    <link rel="stylesheet" href="${folder}counter.css" />
  </head>
  <body>
    <main>
      <h1>How many today?</h1>
      <output id="count">0</output>
      <p>
        <button id="less" aria-label="One less">−</button>
        <button id="more" aria-label="One more">+</button>
      </p>
    </main>
    <script type="module" src="${folder}counter.js"></script>
  </body>
</html>
`

const css = `:root {
  color-scheme: light dark;
  font-family: system-ui, sans-serif;
}

body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  place-items: center;
  background: light-dark(#faf8f3, #191b20);
  color: light-dark(#26231d, #eceae4);
}

main {
  text-align: center;
}

output {
  display: block;
  font-size: 6rem;
  font-variant-numeric: tabular-nums;
}

button {
  width: 3.5rem;
  height: 3.5rem;
  border: 1px solid currentcolor;
  border-radius: 50%;
  background: transparent;
  color: inherit;
  font-size: 1.5rem;
  cursor: pointer;
}
`

const script = `const count = document.querySelector('#count')
let value = 0

function change(step) {
  value = Math.max(0, value + step)
  count.textContent = value
}

document.querySelector('#less').addEventListener('click', () => change(-1))
document.querySelector('#more').addEventListener('click', () => change(1))
`

export function buildPage(transcript: Transcript): Reply {
  const last = transcript.lastCalls.at(-1)
  if (!last)
    return reply(
      say('I’ll make a small counter page: one HTML file, one style, one script.'),
      plan(steps, 0),
      search('<!doctype html>'),
    )
  const refused = refusal(last.output)
  if (refused) return reply(say(`The page was not written: ${refused}`))
  const page = transcript.calls.some(({ name, output }) => name === 'search' && output.includes('index.html:'))
    ? 'counter.html'
    : 'index.html'
  if (last.name === 'search') {
    return reply(
      say(
        page === 'index.html'
          ? 'There is no page yet, so this becomes `index.html`.'
          : 'There is an `index.html` already, so this becomes `counter.html` beside it.',
      ),
      plan(steps, 1),
      patch(
        transcript,
        addFile(page, html('page/')),
        addFile('page/counter.css', css),
        addFile('page/counter.js', script),
      ),
    )
  }
  return reply(
    say(
      `The page is in \`${page}\`, its style and script in \`page/\`. Open the preview to try it: the count never goes below zero. A page has no tests here, so look at it before you keep it.`,
    ),
  )
}
