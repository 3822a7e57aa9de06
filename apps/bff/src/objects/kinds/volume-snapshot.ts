/** Snapshots of disks. */
import type { Quantity, RawObject } from "../../inventory/raw.ts";
import { quantityOrZero } from "../../domain/quantity.ts";
import { denied, reasonOf } from "../../domain/reasons.ts";
import type { ObjectKind, Related } from "../object-kind.ts";
import { present } from "../object-kind.ts";

type RawVolumeSnapshot = RawObject<
  {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string };
    volumeSnapshotClassName: string;
  },
  {
    readyToUse: boolean;
    restoreSize: Quantity;
    creationTime: string;
    boundVolumeSnapshotContentName: string;
    error: { message?: string; time?: string };
  }
>;

/** The snapshotter takes a class by itself only where one is marked; with a single one there is nothing to choose. */
function classOf(chosen: string, disk: string, project: string, { feeds, objects }: Related): string {
  if (chosen !== "") return chosen;
  const storageClass = feeds.claims.table.get(project, disk)?.storageClass ?? "";
  const driver = feeds.storageClasses.table.get("", storageClass)?.provisioner;
  const fitting = [...objects("snapshot-class")].filter((one) => one.facts.driver === driver);
  const marked = fitting.find((one) => one.facts.isDefault);
  return (marked ?? fitting[0])?.name ?? "";
}

export const volumeSnapshotKind: ObjectKind<"volume-snapshot", RawVolumeSnapshot> = {
  noun: "volume-snapshot",
  read: ({ spec, status }) => {
    const error = status?.error?.message;
    return {
      state:
        status?.readyToUse === true
          ? present
          : error
            ? { status: "failed", tone: "error", reason: reasonOf("snapshot-failed", undefined, error) }
            : { status: "pending", tone: "working" },
      facts: {
        disk: spec?.source?.persistentVolumeClaimName ?? "",
        diskKnown: true,
        snapshotClass: spec?.volumeSnapshotClassName ?? "",
        restoreBytes: quantityOrZero(status?.restoreSize),
        takenAt: status?.creationTime ?? "",
      },
    };
  },
  join: ({ namespace, facts }, { feeds }) => ({
    diskKnown: feeds.claims.table.get(namespace, facts.disk) !== undefined,
  }),
  sort: {
    disk: (facts) => facts.disk,
    size: (facts) => facts.restoreBytes,
    taken: (facts) => facts.takenAt,
    snapshotClass: (facts) => facts.snapshotClass,
  },
  fields: {
    disk: { kind: "text", match: "contains", get: (facts) => facts.disk },
    class: { kind: "text", match: "equals", get: (facts) => facts.snapshotClass },
    size: { kind: "bytes", get: (facts) => facts.restoreBytes },
  },
  words: (facts) => [facts.disk],
  detail: ({ status }) => ({
    content: status?.boundVolumeSnapshotContentName ?? "",
    error: status?.error?.message ?? "",
    errorAt: status?.error?.time ?? "",
  }),
  mayEdit: () => denied("snapshot-immutable"),
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshot",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      spec: {
        ...current?.spec,
        source: { persistentVolumeClaimName: spec.disk },
        ...(spec.snapshotClass === "" ? {} : { volumeSnapshotClassName: spec.snapshotClass }),
      },
    }),
    spec: ({ metadata, spec }) =>
      spec?.source?.persistentVolumeClaimName === undefined
        ? null
        : {
            name: metadata?.name ?? "",
            disk: spec.source.persistentVolumeClaimName,
            snapshotClass: spec.volumeSnapshotClassName ?? "",
          },
    complete: (spec, related, project) => ({
      ...spec,
      snapshotClass: classOf(spec.snapshotClass, spec.disk, project, related),
    }),
    problems: (spec, related, project) => {
      const { feeds, objects } = related;
      const claim = feeds.claims.table.get(project, spec.disk);
      if (claim === undefined)
        return [{ path: "disk", reason: reasonOf("disk-missing", { name: spec.disk }) }];
      if (claim.phase !== "Bound") return [{ path: "disk", reason: reasonOf("disk-not-bound") }];
      const driver = feeds.storageClasses.table.get("", claim.storageClass)?.provisioner;
      const fitting = [...objects("snapshot-class")].filter((one) => one.facts.driver === driver);
      if (fitting.length === 0)
        return [
          {
            path: "disk",
            reason: reasonOf("storage-class-no-snapshots", { storageClass: claim.storageClass }),
          },
        ];
      return spec.snapshotClass === "" || fitting.some((one) => one.name === spec.snapshotClass)
        ? []
        : [
            {
              path: "snapshotClass",
              reason: reasonOf("field-choice", { choices: fitting.map((one) => one.name).join(", ") }),
            },
          ];
    },
    fieldOf: (field) =>
      /volumeSnapshotClassName/.test(field)
        ? "snapshotClass"
        : /persistentVolumeClaimName|source/.test(field)
          ? "disk"
          : /metadata\.name|^name/.test(field)
            ? "name"
            : null,
  },
};
