/** How Node runs the server, here, in the benches and in the image: what it would hold for speed that the server does not need. */

/** Young objects get 24 MB instead of 100 and more: most are parsed, projected and forgotten at once, so it costs no time. */
export const serverFlags = ["--max-semi-space-size=8"];

/** glibc keeps a pool of freed memory for each thread that ever asked; one for all comes back to the system sooner. */
export const serverMemoryEnvironment = { MALLOC_ARENA_MAX: "1" };
