/** How the demo is started here: a clone runs the sources, a package what they were compiled into. */
export const demoInvocation = import.meta.url.endsWith('.ts') ? 'npm run demo --' : 'kticket demo';
