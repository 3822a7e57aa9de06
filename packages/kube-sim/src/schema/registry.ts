/** The kinds that every cluster has, by resource and by apiVersion and kind. */
import { coreKinds } from "./core-kinds.ts";
import { apiVersionOf, type Kind } from "./kind.ts";
import { kubeOvnKinds } from "./kube-ovn-kinds.ts";
import { kubevirtKinds } from "./kubevirt-kinds.ts";
import { storageExtensionKinds } from "./storage-kinds.ts";

export const allKinds: readonly Kind[] = [
  ...coreKinds,
  ...kubevirtKinds,
  ...storageExtensionKinds,
  ...kubeOvnKinds,
];

const byResource = new Map<string, Kind>();
const byGvk = new Map<string, Kind>();
for (const kind of allKinds) {
  byResource.set(`${kind.group}/${kind.resource}`, kind);
  for (const version of kind.versions) byGvk.set(`${apiVersionOf(kind.group, version)}/${kind.kind}`, kind);
}

// events.k8s.io is a second door to the same stored events.
const eventsKind = byResource.get("/events");
if (eventsKind !== undefined) byGvk.set("events.k8s.io/v1/Event", eventsKind);

export const findKind = (group: string, resource: string): Kind | undefined =>
  byResource.get(`${group}/${resource}`);

/** The kind of an object, by its apiVersion and kind. */
export const findKindOf = (apiVersion: string, kind: string): Kind | undefined =>
  byGvk.get(`${apiVersion}/${kind}`);
