/** The console's own version, as its package says. */
import manifest from "../package.json" with { type: "json" };

export const consoleVersion: string = manifest.version;
