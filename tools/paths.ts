/** Where things are in this repository. */
import { dirname, join } from "node:path";

export const root = dirname(import.meta.dirname);
export const webDist = join(root, "apps/web/dist");
export const bffBundle = join(root, "apps/bff/dist/server.js");
export const kubeSimCli = join(root, "packages/kube-sim/src/cli.ts");
export const bin = (name: string) => join(root, "node_modules/.bin", name);
