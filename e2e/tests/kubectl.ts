/** The kubectl of this machine; undefined where there is none. */
import { existsSync } from "node:fs";

export const kubectl = ["/usr/bin/kubectl", "/usr/local/bin/kubectl"].find((path) => existsSync(path));
