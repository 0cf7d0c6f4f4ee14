let stand: () => void = () => undefined

/** Resolves when the first editor of this page stands: what should not compete with it waits for this. */
export const firstEditor = new Promise<void>((resolve) => {
  stand = resolve
})

export const editorStands = () => stand()
