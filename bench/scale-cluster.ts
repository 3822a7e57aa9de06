/**
 * A cluster of ten thousand machines as a process of its own; prints one line of JSON when it serves. `disks` adds those,
 * `lists` addresses too, `upload` one that waits for its file; a number after it adds so many people who may see two projects each.
 * A scale after that stands for machines that the front makes: here are its hosts, projects and disks only.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listObjects, machineScale } from "./list-scale.ts";
import { scaleDisks } from "@kubev/kube-sim/scenarios/scale-lists";
import { scaleObjects } from "@kubev/kube-sim/scenarios/scale";
import type { Scale } from "@kubev/kube-sim/scenarios/scale-machine";
import { startKubeSim } from "@kubev/kube-sim/start";
import { addTenants } from "./tenants.ts";
import { uploadDiskObjects } from "./upload-disk.ts";

const [folder = ".", rbac = "", more = "", people = "0", elsewhere] = process.argv.slice(2);
const scale = elsewhere === undefined ? machineScale : (JSON.parse(elsewhere) as Scale); // fronted-cluster.ts writes it
const sim = await startKubeSim({
  dataDir: folder,
  scenario: elsewhere === undefined ? "ten-thousand-vms" : "empty",
  machines: "stand-in",
  manifests: [rbac],
  // nothing may move while the console is measured: ten thousand machines' controllers would keep this process from serving it
  controllers: false,
});
if (elsewhere !== undefined)
  sim.seed(scaleObjects({ ...scale, vms: 0, running: 0 }, new Date().toISOString()));
if (more === "upload") sim.seed(uploadDiskObjects());
else if (more !== "") sim.seed(more === "lists" ? listObjects() : scaleDisks(scale));
const tenants = await addTenants(sim, Number(people));
const kubeconfig = join(folder, "console.kubeconfig");
writeFileSync(kubeconfig, await sim.serviceAccountKubeconfig("kubev-system", "kubev-console"), {
  mode: 0o600,
});
const token = sim.users.find(({ name }) => name === "operator")?.token ?? "";
process.stdout.write(
  `${JSON.stringify({ kubeconfig, admin: sim.kubeconfigPath, token, url: sim.url, caPem: sim.caPem, tenants })}\n`,
);
process.on("SIGTERM", () => void sim.close().then(() => process.exit(0)));
