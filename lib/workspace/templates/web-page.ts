import { buttonStyle, htmlPage, pageStyle } from './page'
import type { Template } from './types'

export const webPage: Template = {
  name: 'web-page',
  title: 'Web page',
  description: 'HTML, CSS and a script, with a live preview.',
  icon: 'layout-template',
  openFile: 'index.html',
  files: {
    'README.md': '# Web page\n\nOpen the preview to see `index.html`; it follows every edit.\n',
    'index.html': htmlPage({
      title: 'Tea timer',
      head: '    <link rel="stylesheet" href="style.css" />\n',
      body: `    <main>
      <h1>Tea timer</h1>
      <p id="left" aria-live="polite">3:00</p>
      <div class="buttons">
        <button id="start">Start</button>
        <button id="reset">Reset</button>
      </div>
    </main>
    <script type="module" src="main.js"></script>
`,
    }),
    'style.css': `${pageStyle}
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

${buttonStyle}
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
