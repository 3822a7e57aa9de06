/** What tests know of the cluster they run on: its folder, its users, its kubeconfig. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(process.env["E2E_FOLDER"] ?? "", "cluster");

export const kubeconfig = join(folder, "kubeconfig");

/** Of the console's own account in it. */
export const consoleKubeconfig = join(folder, "kubev-console.kubeconfig");

interface DemoUser {
  name: string;
  password: string;
  token: string;
}

function demoUser(user: string): DemoUser {
  const users = JSON.parse(readFileSync(join(folder, "demo-users.json"), "utf8")) as DemoUser[]; // kube-sim writes it
  const found = users.find(({ name }) => name === user);
  if (found === undefined) throw new Error(`The embedded cluster has no user ${user}.`);
  return found;
}

export const passwordOf = (user: string): string => demoUser(user).password;
/** What the cluster's API takes of this user. */
export const tokenOf = (user: string): string => demoUser(user).token;
