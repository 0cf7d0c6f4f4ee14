/** The app with the embedded demo model. */
export const demoPort = 3411
/** The app in front of the tests' own upstream. */
export const upstreamAppPort = 3412
/** The upstream itself; the tests start it. */
export const upstreamPort = 3413
/** A server of tools that the demo's app allows; a test starts it. */
export const toolServerPort = 3414
/** The upstream of the app that `npm run eval` starts for itself. */
export const evalUpstreamPort = 3415
