// Traces and metrics of a thread. Runs everywhere. Must never send anything by itself.
export {}
