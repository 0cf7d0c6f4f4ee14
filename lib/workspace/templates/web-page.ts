import type { Template } from './types'

export const webPage: Template = {
  name: 'web-page',
  title: 'Web page',
  description: 'HTML, CSS and a script, with a live preview.',
  icon: 'layout-template',
  openFile: 'index.html',
  files: {
    'README.md': '# Web page\n\nOpen the preview to see `index.html`; it follows every edit.\n',
    'index.html': `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Tea timer</title>
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <main>
      <h1>Tea timer</h1>
      <p id="left" aria-live="polite">3:00</p>
      <div class="buttons">
        <button id="start">Start</button>
        <button id="reset">Reset</button>
      </div>
    </main>
    <script type="module" src="main.js"></script>
  </body>
</html>
`,
    'style.css': `:root {
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

main {
  text-align: center;
}

h1 {
  font-size: 1.1rem;
  font-weight: 600;
}

#left {
  margin: 0.5rem 0 1.25rem;
  font-size: 4.5rem;
  font-variant-numeric: tabular-nums;
}

.buttons {
  display: flex;
  gap: 0.5rem;
  justify-content: center;
}

button {
  padding: 0.6rem 1.4rem;
  border: 1px solid light-dark(#c9c2b4, #46474d);
  border-radius: 999px;
  background: transparent;
  color: inherit;
  font: inherit;
  cursor: pointer;
}

button:hover {
  background: light-dark(#ece6da, #2a2b30);
}
`,
    'main.js': `import { formatTime } from './time.js'

const minutes = 3
const left = document.querySelector('#left')
let seconds = minutes * 60
let timer

function show() {
  left.textContent = seconds === 0 ? 'Ready!' : formatTime(seconds)
}

function stop() {
  clearInterval(timer)
  timer = undefined
}

document.querySelector('#start').addEventListener('click', () => {
  timer ??= setInterval(() => {
    seconds -= 1
    if (seconds === 0) stop()
    show()
  }, 1000)
})

document.querySelector('#reset').addEventListener('click', () => {
  stop()
  seconds = minutes * 60
  show()
})

show()
`,
    'time.js': `/** Seconds as minutes and seconds: 90 becomes "1:30". */
export function formatTime(seconds) {
  const rest = String(seconds % 60).padStart(2, '0')
  return \`\${Math.floor(seconds / 60)}:\${rest}\`
}
`,
  },
}
