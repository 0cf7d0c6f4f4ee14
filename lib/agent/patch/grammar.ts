/** The patch format as a Lark grammar, for models that take freeform tools with a grammar. */
export const patchGrammar = `start: begin section+ end

begin: "*** Begin Patch" LF
end: "*** End Patch" LF?

section: add_section | delete_section | update_section
add_section: "*** Add File: " path LF added+
delete_section: "*** Delete File: " path LF
update_section: "*** Update File: " path LF move? chunk*
move: "*** Move to: " path LF

chunk: scope? line+ at_end?
scope: ("@@" | "@@ " text) LF
line: kept | added | removed
kept: " " text? LF
added: "+" text? LF
removed: "-" text? LF
at_end: "*** End of File" LF

path: TEXT
text: TEXT
TEXT: /[^\\r\\n]+/

%import common.LF
`
