// Released prompt packs (`v1`, …; never edited once released) and the choice among them.
// Runs everywhere. Must never contain secrets or read project files.
export {}
