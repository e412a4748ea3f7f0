/** One PostgreSQL for the whole run of the tests. */
export async function setup(): Promise<void> {}
