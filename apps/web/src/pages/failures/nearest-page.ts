/** Where an address that leads nowhere lies. */
import { routePatterns } from "../../paths.ts";

/** The longest part of an address that leads nowhere which names a page by itself; null where only the start page is left. */
export function nearestPage(path: string): string | null {
  for (let at = path.length; at > 0; at = path.lastIndexOf("/", at - 1)) {
    const part = path.slice(0, at);
    const leadsTo = (pattern: string) =>
      !pattern.includes("$plural") && RegExp(`^${pattern.replace(/\$\w+/g, "[^/]+")}$`).test(part);
    if (Object.values(routePatterns).some(leadsTo)) return part;
  }
  return null;
}
