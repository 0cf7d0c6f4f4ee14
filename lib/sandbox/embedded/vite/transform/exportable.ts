const reserved = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof let new null return static super switch this throw true try typeof var void while with yield arguments eval'.split(
    ' ',
  ),
)

/** Whether a module can export a constant of this name. */
export const isExportable = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name) && !reserved.has(name)
