/** Storage classes: what a disk on each can do. */
import { storageClass } from "@kubev/api-types/objects/storage-class";
import type { NeededRight } from "../../domain/vm-actions.ts";
import { projectStorageClass } from "../../inventory/project-storage.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { checkedProfile } from "../../domain/storage-checks.ts";
import { storageProfileOf } from "../../inventory/unread-kinds.ts";
import { reasonOf } from "../../domain/reasons.ts";
import { namedTwice } from "../named-twice.ts";

interface RawStorageClass {
  metadata?: RawMeta;
  provisioner?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
  reclaimPolicy?: string;
  parameters?: Record<string, string>;
  mountOptions?: string[];
  allowedTopologies?: { matchLabelExpressions?: { key?: string; values?: string[] }[] }[];
}

const formFields: readonly [RegExp, string][] = [
  [/provisioner/, "provisioner"],
  [/parameters/, "parameters"],
  [/mountOptions/, "mountOptions"],
  [/reclaimPolicy/, "reclaimPolicy"],
  [/volumeBindingMode/, "bindingMode"],
  [/allowVolumeExpansion/, "expandable"],
  [/name$/, "name"],
];

const listAllDisks: NeededRight = {
  verb: "list",
  group: "",
  resource: "persistentvolumeclaims",
  subresource: "",
};

export const storageClassKind: ObjectKind<"storage-class", RawStorageClass> = {
  noun: "storage-class",
  read: (raw) => {
    const { provisioner, isDefault, isDefaultForMachines, bindingMode, expandable } =
      projectStorageClass(raw);
    return {
      state: present,
      facts: {
        provisioner,
        isDefault,
        isDefaultForMachines,
        bindingMode,
        expandable,
        reclaimPolicy: raw.reclaimPolicy ?? "Delete",
        modes: [],
        snapshots: false,
        cloneStrategy: "",
      },
    };
  },
  join: ({ name, facts }, { feeds, objects }) => {
    const profile = feeds.storageProfiles.table.get("", name);
    return {
      modes: [...(profile?.modes ?? [])],
      cloneStrategy: profile?.cloneStrategy ?? "",
      snapshots: [...objects("snapshot-class")].some((one) => one.facts.driver === facts.provisioner),
    };
  },
  sort: { provisioner: (facts) => facts.provisioner, binding: (facts) => facts.bindingMode },
  fields: {
    provisioner: { kind: "text", match: "contains", get: (facts) => facts.provisioner },
    expandable: { kind: "text", match: "equals", get: (facts) => (facts.expandable ? "yes" : "no") },
  },
  words: (facts) => [facts.provisioner],
  detail: async (raw, { feeds, objects }, rights) => {
    const name = raw.metadata?.name ?? "";
    const profile = storageProfileOf(feeds, name);
    const mayCount = await rights.can(listAllDisks, "");
    let count = 0;
    let bytes = 0;
    if (mayCount)
      for (const claim of feeds.claims.table.values())
        if (claim.storageClass === name) {
          count += 1;
          bytes += claim.capacityBytes || claim.requestBytes;
        }
    return {
      parameters: raw.parameters ?? {},
      mountOptions: raw.mountOptions ?? [],
      topologies: (raw.allowedTopologies ?? []).map((one) =>
        (one.matchLabelExpressions ?? [])
          .map(({ key, values }) => `${key ?? ""} in ${(values ?? []).join(", ")}`)
          .join(" and "),
      ),
      snapshotClasses: [...objects("snapshot-class")]
        .filter((one) => one.facts.driver === raw.provisioner)
        .map((one) => one.name),
      hasProfile: profile === undefined ? false : "unread" in profile ? null : true,
      disks: mayCount ? { count, bytes } : null,
    };
  },
  notes: (raw, { feeds, objects }) => {
    const name = raw.metadata?.name ?? "";
    const checked = checkedProfile(name, storageProfileOf(feeds, name));
    const drivers = [...objects("csi-driver")];
    return [
      // some provisioners are no CSI drivers, so it is not refused
      ...(drivers.length > 0 && !drivers.some((driver) => driver.name === raw.provisioner)
        ? [reasonOf("storage-driver-unknown", { provisioner: raw.provisioner ?? "" })]
        : []),
      ...("refusal" in checked ? [checked.refusal] : []),
    ];
  },
  form: {
    manifest: (spec, _project, current) => {
      const { parameters: _parameters, mountOptions: _mount, ...kept } = current ?? {};
      return {
        ...kept,
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { ...current?.metadata, name: spec.name },
        provisioner: spec.provisioner,
        ...(spec.parameters.length === 0
          ? {}
          : { parameters: Object.fromEntries(spec.parameters.map(({ key, value }) => [key, value])) }),
        ...(spec.mountOptions.length === 0 ? {} : { mountOptions: spec.mountOptions }),
        reclaimPolicy: spec.reclaimPolicy,
        volumeBindingMode: spec.bindingMode,
        allowVolumeExpansion: spec.expandable,
      };
    },
    spec: (raw) => {
      const read = storageClass.spec.safeParse({
        name: raw.metadata?.name ?? "",
        provisioner: raw.provisioner ?? "",
        parameters: Object.entries(raw.parameters ?? {}).map(([key, value]) => ({ key, value })),
        mountOptions: raw.mountOptions ?? [],
        reclaimPolicy: raw.reclaimPolicy ?? "Delete",
        bindingMode: raw.volumeBindingMode ?? "Immediate",
        expandable: raw.allowVolumeExpansion === true,
      });
      return read.success ? read.data : null;
    },
    problems: (spec) =>
      namedTwice(
        spec.parameters.map(({ key }) => key),
        (index) => `parameters.${index}.key`,
      ),
    fieldOf: (field) => formFields.find(([of]) => of.test(field))?.[1] ?? null,
  },
};
