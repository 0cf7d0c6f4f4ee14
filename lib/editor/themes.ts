import type * as Monaco from 'monaco-editor'

type ThemeData = Monaco.editor.IStandaloneThemeData

/**
 * Monaco wants sRGB hex, so the tokens of `app/tokens.css` are repeated here; code is quiet: strings, numbers and
 * keywords differ in tone more than in hue, because only state has colour.
 */
interface Palette {
  background: string
  panel: string
  raised: string
  line: string
  text: string
  muted: string
  faint: string
  you: string
  selection: string
  keyword: string
  string: string
  number: string
  type: string
  call: string
  bad: string
  warn: string
  ok: string
}

const paper: Palette = {
  background: '#fbfaf8',
  panel: '#f4f3f1',
  raised: '#ffffff',
  line: '#dfdedb',
  text: '#191b20',
  muted: '#5c5f66',
  faint: '#a4a5a7',
  you: '#3b7de0',
  selection: '#c9dcf8',
  keyword: '#6d3f9e',
  string: '#3f6b2a',
  number: '#9a4a12',
  type: '#1b6072',
  call: '#29518f',
  bad: '#c8372d',
  warn: '#a86a00',
  ok: '#1f8a55',
}

const ink: Palette = {
  background: '#0e1014',
  panel: '#14161b',
  raised: '#1c1e23',
  line: '#2d3036',
  text: '#e8eaed',
  muted: '#9a9da3',
  faint: '#565a62',
  you: '#5b96f7',
  selection: '#24416f',
  keyword: '#c4a1ee',
  string: '#a8cf93',
  number: '#e9b287',
  type: '#86cbdb',
  call: '#9fc1f5',
  bad: '#f0685c',
  warn: '#e0a94a',
  ok: '#4cc98a',
}

function themeFrom(base: 'vs' | 'vs-dark', colors: Palette): ThemeData {
  const rule = (token: string, color: string, fontStyle?: string) => ({
    token,
    foreground: color.slice(1),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  })
  return {
    base,
    inherit: true,
    rules: [
      rule('', colors.text),
      rule('comment', colors.muted, 'italic'),
      rule('keyword', colors.keyword),
      rule('string', colors.string),
      rule('number', colors.number),
      rule('regexp', colors.number),
      rule('type', colors.type),
      rule('type.identifier', colors.type),
      rule('identifier.function', colors.call),
      rule('tag', colors.keyword),
      rule('attribute.name', colors.call),
      rule('attribute.value', colors.string),
      // The base theme paints these of HTML and CSS in its own bright colours.
      rule('attribute.value.html', colors.string),
      rule('metatag.content.html', colors.call),
      rule('metatag.html', colors.muted),
      rule('string.key.json', colors.call),
      rule('string.value.json', colors.string),
      rule('delimiter', colors.muted),
    ],
    colors: {
      'editor.background': colors.background,
      'editor.foreground': colors.text,
      'editorLineNumber.foreground': colors.faint,
      'editorLineNumber.activeForeground': colors.text,
      'editor.lineHighlightBackground': `${colors.text}09`,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': colors.selection,
      'editor.inactiveSelectionBackground': `${colors.selection}99`,
      'editorCursor.foreground': colors.you,
      'editorIndentGuide.background1': `${colors.text}12`,
      'editorIndentGuide.activeBackground1': `${colors.text}2e`,
      'editorBracketMatch.background': `${colors.you}22`,
      'editorBracketMatch.border': `${colors.you}66`,
      'editorBracketHighlight.foreground1': colors.muted,
      'editorBracketHighlight.foreground2': colors.keyword,
      'editorBracketHighlight.foreground3': colors.type,
      'editorError.foreground': colors.bad,
      'editorWarning.foreground': colors.warn,
      'editorOverviewRuler.border': '#00000000',
      'editorOverviewRuler.errorForeground': colors.bad,
      'editorOverviewRuler.warningForeground': colors.warn,
      'editorStickyScroll.background': colors.background,
      'editorStickyScroll.shadow': '#00000000',
      'editorStickyScroll.border': colors.line,
      'editorStickyScrollHover.background': colors.panel,
      'editorWidget.background': colors.raised,
      'editorWidget.border': colors.line,
      'editorHoverWidget.background': colors.raised,
      'editorHoverWidget.border': colors.line,
      'editorSuggestWidget.background': colors.raised,
      'editorSuggestWidget.selectedBackground': `${colors.you}2e`,
      'editorSuggestWidget.selectedForeground': colors.text,
      'editorSuggestWidget.highlightForeground': colors.you,
      'editorGutter.background': colors.background,
      'diffEditor.insertedTextBackground': `${colors.ok}33`,
      'diffEditor.removedTextBackground': `${colors.bad}33`,
      'diffEditor.insertedLineBackground': `${colors.ok}1a`,
      'diffEditor.removedLineBackground': `${colors.bad}1a`,
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': `${colors.muted}40`,
      'scrollbarSlider.hoverBackground': `${colors.muted}66`,
      'scrollbarSlider.activeBackground': `${colors.muted}80`,
      'widget.shadow': base === 'vs' ? '#1a1c221f' : '#00000080',
      'input.background': colors.background,
      'input.border': colors.line,
      focusBorder: colors.you,
    },
  }
}

/** Defines `vitrine-paper`, `vitrine-ink` and `vitrine-contrast`. */
export function defineThemes(monaco: typeof Monaco) {
  monaco.editor.defineTheme('vitrine-paper', themeFrom('vs', paper))
  monaco.editor.defineTheme('vitrine-ink', themeFrom('vs-dark', ink))
  monaco.editor.defineTheme('vitrine-contrast', { base: 'hc-black', inherit: true, rules: [], colors: {} })
}
