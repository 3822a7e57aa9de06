/** Scheduled imports: an image that follows a container disk of a registry. */
import { bytesQuantity, quantityOrZero } from "../../domain/quantity.ts";
import { reasonOf } from "../../domain/reasons.ts";
import { sourceAddressProblem } from "../../domain/disk-preflight.ts";
import { conditionsOf, type RawCondition } from "../../domain/conditions.ts";
import type { Quantity, RawObject } from "../../inventory/raw.ts";
import { conditionOf } from "../../inventory/record-base.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawTemplate {
  spec?: {
    source?: { registry?: { url?: string } };
    storage?: { storageClassName?: string; resources?: { requests?: { storage?: Quantity } } };
  };
}
type RawDataImportCron = RawObject<
  { schedule: string; managedDataSource: string; importsToKeep: number; template: RawTemplate },
  {
    conditions: RawCondition[];
    currentImports: { DataVolumeName?: string; Digest?: string }[];
    lastExecutionTimestamp: string;
    lastImportTimestamp: string;
    lastImportedPVC: { name?: string };
  }
>;

const nextRunAnnotation = "cdi.kubevirt.io/storage.import.nextCronTime";
const cronField = /^[\d*,/-]+$/;

export const dataImportCronKind: ObjectKind<"data-import-cron", RawDataImportCron> = {
  noun: "data-import-cron",
  read: ({ spec, status }) => {
    const upToDate = conditionOf(status?.conditions, "UpToDate");
    const progressing = conditionOf(status?.conditions, "Progressing");
    return {
      state:
        upToDate?.status === "True"
          ? present
          : progressing?.status === "True"
            ? { status: "importing", tone: "working" }
            : {
                status: "outdated",
                tone: "attention",
                reason: reasonOf("import-cron-outdated", undefined, upToDate?.message),
              },
      facts: {
        url: spec?.template?.spec?.source?.registry?.url ?? "",
        schedule: spec?.schedule ?? "",
        image: spec?.managedDataSource ?? "",
        importsToKeep: spec?.importsToKeep ?? 3,
        lastImport: status?.lastImportedPVC?.name ?? "",
        lastRunAt: status?.lastExecutionTimestamp ?? "",
      },
    };
  },
  sort: { image: (facts) => facts.image, lastRun: (facts) => facts.lastRunAt },
  fields: { image: { kind: "text", match: "contains", get: (facts) => facts.image } },
  words: (facts) => [facts.image, facts.url],
  detail: ({ metadata, status }) => ({
    lastImportAt: status?.lastImportTimestamp ?? "",
    nextRunAt: metadata?.annotations?.[nextRunAnnotation] ?? "",
    imports: (status?.currentImports ?? []).map((one) => ({
      disk: one.DataVolumeName ?? "",
      digest: one.Digest ?? "",
    })),
    conditions: conditionsOf(status?.conditions),
  }),
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataImportCron",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      spec: {
        ...current?.spec,
        schedule: spec.schedule,
        managedDataSource: spec.image,
        importsToKeep: spec.importsToKeep,
        template: {
          ...current?.spec?.template,
          spec: {
            ...current?.spec?.template?.spec,
            source: { registry: { ...current?.spec?.template?.spec?.source?.registry, url: spec.url } },
            storage: {
              ...current?.spec?.template?.spec?.storage,
              resources: { requests: { storage: bytesQuantity(spec.sizeBytes) } },
              ...(spec.storageClass === "" ? {} : { storageClassName: spec.storageClass }),
            },
          },
        },
      },
    }),
    spec: ({ metadata, spec }) => {
      const template = spec?.template?.spec;
      const url = template?.source?.registry?.url;
      const sizeBytes = quantityOrZero(template?.storage?.resources?.requests?.storage);
      if (url === undefined || sizeBytes === 0) return null;
      return {
        name: metadata?.name ?? "",
        image: spec?.managedDataSource ?? "",
        url,
        schedule: spec?.schedule ?? "",
        importsToKeep: spec?.importsToKeep ?? 3,
        sizeBytes,
        storageClass: template?.storage?.storageClassName ?? "",
      };
    },
    problems: (spec) => {
      const address = sourceAddressProblem({ kind: "registry", url: spec.url });
      const fields = spec.schedule.trim().split(/\s+/);
      return [
        ...(address === null ? [] : [{ path: "url", reason: address.reason }]),
        ...(fields.length === 5 && fields.every((field) => cronField.test(field))
          ? []
          : [{ path: "schedule", reason: reasonOf("cron-syntax") }]),
      ];
    },
    fieldOf: (field) =>
      /schedule/.test(field)
        ? "schedule"
        : /managedDataSource/.test(field)
          ? "image"
          : /storageClassName/.test(field)
            ? "storageClass"
            : /resources/.test(field)
              ? "sizeBytes"
              : /url|source/.test(field)
                ? "url"
                : /metadata\.name|^name/.test(field)
                  ? "name"
                  : null,
  },
};
