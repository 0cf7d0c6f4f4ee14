// Words that no command line contains, between the words of a pipeline that became one command.

/** Stands between the stages of a pipeline that became one command. */
export const stageMark = '\u0001|'
/** Goes before the stages whose errors flow on with the output (`2>&1`, `|&`). */
export const mergeMark = '\u00012>&1'
/** Goes before a pipeline that begins with a command which reads the shell's own input. */
export const inputMark = '\u0001<'
/** Runs a program with its output to files: `<fd><operator> <target> … <mark> <program> …`. */
export const redirectedName = 'redirected'
