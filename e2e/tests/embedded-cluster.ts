/** What tests know of the cluster they run on: its folder, its users, its kubeconfig. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(process.env["E2E_FOLDER"] ?? "", "cluster");

export const kubeconfig = join(folder, "kubeconfig");

export function passwordOf(user: string): string {
  const users = JSON.parse(readFileSync(join(folder, "demo-users.json"), "utf8")) as {
    name: string;
    password: string;
  }[]; // kube-sim writes it
  const password = users.find(({ name }) => name === user)?.password;
  if (password === undefined) throw new Error(`The embedded cluster has no user ${user}.`);
  return password;
}
