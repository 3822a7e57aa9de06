/**
 * What else could hold a cluster for a console in Node: informers of the Kubernetes client, one for each of the six long lists.
 * Prints how many objects they hold once all have them; self-measuring.ts tells what that takes.
 */
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
} from "@kubernetes/client-node";

const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? "");
const core = config.makeApiClient(CoreV1Api);
const custom = config.makeApiClient(CustomObjectsApi);

type Lists = readonly [string, () => Promise<KubernetesListObject<KubernetesObject>>];
const customList = (group: string, version: string, plural: string): Lists => [
  `/apis/${group}/${version}/${plural}`,
  async () =>
    (await custom.listClusterCustomObject({
      group,
      version,
      plural,
    })) as KubernetesListObject<KubernetesObject>, // it says `any`
];
const lists: readonly Lists[] = [
  customList("kubevirt.io", "v1", "virtualmachines"),
  customList("kubevirt.io", "v1", "virtualmachineinstances"),
  customList("cdi.kubevirt.io", "v1beta1", "datavolumes"),
  ["/api/v1/pods", async () => core.listPodForAllNamespaces()],
  ["/api/v1/persistentvolumeclaims", async () => core.listPersistentVolumeClaimForAllNamespaces()],
  ["/api/v1/nodes", async () => core.listNode()],
];
const informers = lists.map(([path, list]) => makeInformer(config, path, list));
for (const informer of informers) {
  informer.on("error", (error: unknown) => {
    process.stderr.write(`An informer failed: ${String(error)}\n`);
    process.exit(1);
  });
  await informer.start();
}
const objects = informers.reduce((sum, informer) => sum + informer.list().length, 0);
process.stdout.write(`${JSON.stringify({ objects })}\n`);
