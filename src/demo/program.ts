/** Command that starts the demo here: a clone runs the sources, a package their compiled form. */
export const demoInvocation = import.meta.url.endsWith('.ts') ? 'npm run demo --' : 'kticket demo';
