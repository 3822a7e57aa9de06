/** What a right is for, in the words of a person: Kubernetes' verb and resource as a deed. */

const subresourceDeeds: Readonly<Record<string, string>> = {
  "virtualmachines/start": "start machines",
  "virtualmachines/stop": "stop machines",
  "virtualmachines/restart": "restart machines",
  "virtualmachines/addvolume": "attach disks to machines",
  "virtualmachines/removevolume": "detach disks from machines",
  "virtualmachineinstances/pause": "pause machines",
  "virtualmachineinstances/unpause": "resume machines",
  "virtualmachineinstances/reset": "reset machines",
  "virtualmachineinstances/softreboot": "reboot guests",
  "virtualmachineinstances/vnc": "open the screen of machines",
  "virtualmachineinstances/vnc/screenshot": "see the screen of machines",
  "pods/eviction": "move pods off a host",
  "pods/exec": "open a shell in containers",
  "pods/log": "read the logs of containers",
  "virtualmachineinstances/console": "open the serial console of machines",
  "datavolumes/source": "copy images and disks",
  "deployments/scale": "scale deployments",
  "statefulsets/scale": "scale stateful sets",
};

const resourceWords: Readonly<Record<string, string>> = {
  virtualmachines: "machines",
  virtualmachineinstances: "running machines",
  virtualmachinesnapshots: "snapshots of machines",
  virtualmachinerestores: "restores of machines",
  virtualmachineclones: "clones of machines",
  virtualmachineinstancemigrations: "live migrations",
  persistentvolumeclaims: "disks",
  datavolumes: "disks",
  datasources: "images",
  storageclasses: "storage classes",
  volumesnapshots: "snapshots of disks",
  namespaces: "projects",
  nodes: "hosts",
  events: "events",
  secrets: "secrets",
  resourcequotas: "quotas",
  subnets: "subnets",
  vpcs: "VPCs",
};

const verbWords: Readonly<Record<string, string>> = {
  get: "see",
  list: "see",
  watch: "see",
  create: "create",
  update: "change",
  patch: "change",
  delete: "delete",
};

/**
 * `update`, `virtualmachines/start` → `start machines`. What has no words of ours is said in the cluster's: `change services`,
 * `bind clusterroles`; only of what is not known at all it is `do this`.
 */
export function deedOf(verb: string, resource: string): string {
  if (resource === "uploadtokenrequests") return "upload images";
  const known = subresourceDeeds[resource];
  if (known !== undefined) return known;
  const deed = verbWords[verb];
  const what = resourceWords[resource];
  return verb === "" || resource === "" ? "do this" : `${deed ?? verb} ${what ?? resource}`;
}
