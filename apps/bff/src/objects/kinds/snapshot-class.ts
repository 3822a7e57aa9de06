/** Snapshot classes: which driver snapshots disks, and whether snapshots outlive their objects. */
import { clusterAnnotations } from "../../domain/cluster-labels.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawSnapshotClass {
  metadata?: RawMeta;
  driver?: string;
  deletionPolicy?: string;
  parameters?: Record<string, string>;
}

export const snapshotClassKind: ObjectKind<"snapshot-class", RawSnapshotClass> = {
  noun: "snapshot-class",
  read: (raw) => ({
    state: present,
    facts: {
      driver: raw.driver ?? "",
      deletionPolicy: raw.deletionPolicy ?? "",
      isDefault: raw.metadata?.annotations?.[clusterAnnotations.defaultSnapshotClass] === "true",
    },
  }),
  sort: { driver: (facts) => facts.driver },
  fields: { driver: { kind: "text", match: "contains", get: (facts) => facts.driver } },
  words: (facts) => [facts.driver],
  detail: (raw, { objects }) => ({
    parameters: raw.parameters ?? {},
    storageClasses: [...objects("storage-class")]
      .filter((one) => one.facts.provisioner === raw.driver)
      .map((one) => one.name),
  }),
};
