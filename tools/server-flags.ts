/** How Node runs the server, here, in the benches and in the image: what it would hold for speed that the server does not need. */

/**
 * Young objects get 17 MB instead of 134 after a cold start at ten thousand machines: most are parsed, projected and forgotten
 * at once, so that no cost in time was seen.
 */
export const serverFlags = ["--max-semi-space-size=8"];

/**
 * glibc keeps a pool of freed memory for each thread that ever asked, and puts ever larger blocks into it; one pool for all, and
 * blocks from 128 kB on outside of it, come back to the system. Up to 16 MB stay at hand: what screens pass through is freed some
 * megabytes at a time, and each page of it would come from the system anew (47 page faults for each MB of a screen). Other C
 * libraries do not read these.
 */
export const serverMemoryEnvironment = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "131072",
  MALLOC_TRIM_THRESHOLD_: "16777216",
};
