/** Storage profiles: what CDI takes disks on each storage class to be, detected or set. */
import { storageProfile } from "@kubev/api-types/objects/storage-profile";
import { reasonOf } from "../../domain/reasons.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawProperties {
  claimPropertySets?: { accessModes?: string[]; volumeMode?: string }[];
  cloneStrategy?: string;
  dataImportCronSourceFormat?: string;
  snapshotClass?: string;
}

interface RawStorageProfile {
  metadata?: RawMeta;
  spec?: RawProperties;
  status?: RawProperties & { provisioner?: string };
}

const formFields: readonly [RegExp, string][] = [
  [/claimPropertySets/, "modes"],
  [/cloneStrategy/, "cloneStrategy"],
  [/name$/, "name"],
];

export const storageProfileKind: ObjectKind<"storage-profile", RawStorageProfile> = {
  noun: "storage-profile",
  read: ({ metadata, spec, status }) => {
    const modes = (status?.claimPropertySets ?? []).flatMap((set) =>
      (set.accessModes ?? []).map((mode) => `${mode} ${set.volumeMode ?? "Filesystem"}`),
    );
    return {
      state:
        modes.length > 0
          ? present
          : {
              status: "incomplete",
              tone: "attention",
              reason: reasonOf("storage-profile-empty", { storageClass: metadata?.name ?? "" }),
            },
      facts: {
        provisioner: status?.provisioner ?? "",
        modes,
        areModesSet: (spec?.claimPropertySets ?? []).length > 0,
        cloneStrategy: status?.cloneStrategy ?? "",
        isCloneStrategySet: (spec?.cloneStrategy ?? "") !== "",
        importFormat: status?.dataImportCronSourceFormat ?? "",
      },
    };
  },
  sort: { provisioner: (facts) => facts.provisioner },
  fields: {
    provisioner: { kind: "text", match: "contains", get: (facts) => facts.provisioner },
    modes: {
      kind: "text",
      match: "equals",
      get: (facts) => (facts.areModesSet ? "set" : "detected"),
    },
  },
  words: (facts) => [facts.provisioner],
  detail: (raw, { feeds }) => ({
    snapshotClass: raw.status?.snapshotClass ?? "",
    hasClass: feeds.storageClasses.table.get("", raw.metadata?.name ?? "") !== undefined,
  }),
  form: {
    manifest: (spec, _project, current) => {
      const { claimPropertySets: _sets, cloneStrategy: _strategy, ...kept } = current?.spec ?? {};
      return {
        ...current,
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "StorageProfile",
        metadata: { ...current?.metadata, name: spec.name },
        spec: {
          ...kept,
          ...(spec.modes.length === 0
            ? {}
            : {
                claimPropertySets: spec.modes.map(({ accessMode, volumeMode }) => ({
                  accessModes: [accessMode],
                  volumeMode,
                })),
              }),
          ...(spec.cloneStrategy === "" ? {} : { cloneStrategy: spec.cloneStrategy }),
        },
      };
    },
    spec: ({ metadata, spec }) => {
      const sets = spec?.claimPropertySets ?? [];
      // one set with several modes is not the same as several sets: a disk gets all modes of the first
      if (sets.some((set) => set.accessModes?.length !== 1)) return null;
      const read = storageProfile.spec.safeParse({
        name: metadata?.name ?? "",
        modes: sets.map((set) => ({ accessMode: set.accessModes?.[0], volumeMode: set.volumeMode })),
        cloneStrategy: spec?.cloneStrategy ?? "",
      });
      return read.success ? read.data : null;
    },
    fieldOf: (field) => formFields.find(([of]) => of.test(field))?.[1] ?? null,
  },
};
