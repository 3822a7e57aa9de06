/** Storage drivers of the cluster, and the hosts they run on. */
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind, Related } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { attachedAt } from "./attachment-counts.ts";

type RawCsiDriver = RawObject<{
  attachRequired: boolean;
  podInfoOnMount: boolean;
  storageCapacity: boolean;
  requiresRepublish: boolean;
  volumeLifecycleModes: string[];
  fsGroupPolicy: string;
}>;

function hostsOf(driver: string, { objects }: Related) {
  return [...objects("csi-node")].flatMap((node) =>
    node.facts.drivers.filter((one) => one.name === driver).map(({ limit }) => ({ host: node.name, limit })),
  );
}

export const csiDriverKind: ObjectKind<"csi-driver", RawCsiDriver> = {
  noun: "csi-driver",
  read: ({ spec }) => ({
    state: present,
    facts: {
      attachRequired: spec?.attachRequired !== false,
      storageCapacity: spec?.storageCapacity === true,
      lifecycleModes: spec?.volumeLifecycleModes ?? ["Persistent"],
      fsGroupPolicy: spec?.fsGroupPolicy ?? "",
      hosts: 0,
      storageClasses: [],
    },
  }),
  join: ({ name }, related) => ({
    hosts: hostsOf(name, related).length,
    storageClasses: [...related.objects("storage-class")]
      .filter((one) => one.facts.provisioner === name)
      .map((one) => one.name),
  }),
  detail: ({ metadata, spec }, related) => {
    const name = metadata?.name ?? "";
    return {
      podInfoOnMount: spec?.podInfoOnMount === true,
      requiresRepublish: spec?.requiresRepublish === true,
      hosts: hostsOf(name, related)
        .map((one) => ({ ...one, used: attachedAt(related, one.host, name) }))
        .toSorted((a, b) => a.host.localeCompare(b.host)),
    };
  },
};
