/** A letter that no program writes. */
const mark = '\ua4f8'

/**
 * `#name`, which the compiler to CommonJS takes for the variable of that name: where that is exported, an assignment to
 * the private member would change the export. Before it, other names; what looks like one in a text goes and comes back.
 */
export const hidePrivateNames = (code: string): string => code.replace(/(?<!&)#(?=[\p{ID_Continue}$])/gu, `#${mark}`)

/** After it, the names themselves. */
export const showPrivateNames = (code: string): string => code.replaceAll(`#${mark}`, '#')
