// What a previewed page may try to get out, as scripts; each requests `${target}/<name>`.
type Ways = Record<string, (target: string) => string>

/** Ways out of a document that leave it standing. */
export const quietWays: Ways = {
  'fetch-later': (t) => `fetchLater('${t}/fetch-later', { activateAfter: 0 })`,
  'module-preload': (t) =>
    `const l = document.createElement('link'); l.rel = 'modulepreload'; l.href = '${t}/module-preload'; document.head.append(l)`,
  'preload-image': (t) =>
    `const l = document.createElement('link'); l.rel = 'preload'; l.as = 'image'; l.href = '${t}/preload-image'; document.head.append(l)`,
  worklet: (t) => `CSS.paintWorklet.addModule('${t}/worklet')`,
  'audio-worklet': (t) => `new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule('${t}/audio-worklet')`,
  font: (t) => `new FontFace('x', 'url(${t}/font)').load().catch(() => 0)`,
  'css-import': (t) =>
    `const s = document.createElement('style'); s.textContent = '@import "${t}/css-import";'; document.head.append(s)`,
  cursor: (t) => `document.body.style.cursor = 'url(${t}/cursor), auto'`,
  embed: (t) => `document.body.insertAdjacentHTML('beforeend', '<embed src="${t}/embed">')`,
  'nested-frame': (t) =>
    `const f = document.createElement('iframe'); f.srcdoc = '<meta http-equiv=refresh content="0;url=${t}/nested-frame"><img src="${t}/nested-image">'; document.body.append(f)`,
  'blank-frame': (t) =>
    `const f = document.createElement('iframe'); document.body.append(f); f.contentWindow.location = '${t}/blank-frame'`,
  'native-open': (t) =>
    `Object.getPrototypeOf(window); const f = document.createElement('iframe'); document.body.append(f); f.contentWindow.open('${t}/native-open')`,
}

/** Ways out that put something else in the document's place, or a window beside it. */
export const leavingWays: Ways = {
  'link-top': (t) =>
    `const a = document.createElement('a'); a.href = '${t}/link-top'; a.target = '_top'; a.rel = 'x'; document.body.append(a); const c = new MouseEvent('click', { bubbles: false }); a.dispatchEvent(c); a.click()`,
  download: (t) =>
    `const a = document.createElement('a'); a.href = '${t}/download'; a.download = 'x'; document.body.append(a); a.click()`,
  'form-blank': (t) =>
    `const f = Object.assign(document.createElement('form'), { action: '${t}/form-blank', method: 'post', target: '_blank' }); document.body.append(f); f.requestSubmit()`,
  'self-location': (t) => `location.href = '${t}/self-location'; window.location = '${t}/self-location'`,
  'top-location': (t) => `top.location = '${t}/top-location'`,
  'navigation-api': (t) => `navigation.navigate('${t}/navigation-api')`,
  'meta-refresh': (t) =>
    `const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=${t}/meta-refresh'; document.head.append(m)`,
  'blob-page': (t) =>
    `location.href = URL.createObjectURL(new Blob(['<script>fetch("${t}/blob-page",{mode:"no-cors"})</' + 'script><img src="${t}/blob-image">'], { type: 'text/html' }))`,
  'javascript-page': (t) => `location.href = 'javascript:"<img src=${t}/javascript-page>"'`,
}

/** All of them in a row, whatever the browser says to each. */
export const guarded = (scripts: string[]) =>
  scripts.map((script) => `try { ${script} } catch { /* refused */ }`).join('\n')
