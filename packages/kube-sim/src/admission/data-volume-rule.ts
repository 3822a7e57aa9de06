/** CDI's webhook for DataVolumes. Source: CDI's pkg/apiserver/webhooks/datavolume-validate.go. */
import { sameJson } from "../store/json-equality.ts";
import type { Authorizer } from "../rbac/authorizer.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import type { StatusCause } from "../store/status-error.ts";
import { quantityBytes } from "../upload/byte-quantity.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { copyRefusal } from "./copy-right.ts";
import { refusePlainly, refuseWithCauses } from "./webhook-refusal.ts";

const WEBHOOK = "datavolume-validate.cdi.kubevirt.io";
const SOURCES = ["http", "s3", "gcs", "registry", "pvc", "upload", "blank", "imageio", "vddk", "snapshot"];
const CLAIMS = { group: "", resource: "persistentvolumeclaims" };

interface Target {
  resources?: { requests?: { storage?: string | number } };
  dataSource?: object;
  dataSourceRef?: object;
}

interface DataVolumeSpec {
  source?: Record<string, { url?: string; namespace?: string; name?: string } | undefined>;
  sourceRef?: { kind?: string; namespace?: string; name?: string };
  pvc?: Target;
  storage?: Target;
}

export class DataVolumeRule implements AdmissionRule {
  readonly #store: KubeStore;
  readonly #authorizer: Authorizer;
  constructor(store: KubeStore, authorizer: Authorizer) {
    this.#store = store;
    this.#authorizer = authorizer;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind } = request;
    if (kind.group !== "cdi.kubevirt.io" || kind.resource !== "datavolumes" || request.subresource !== "")
      return object;
    const spec = (object["spec"] ?? {}) as DataVolumeSpec; // the schema has been checked
    if (request.operation === "UPDATE") {
      if (sameJson(object["spec"], request.old?.["spec"])) return object;
      throw causesToError([
        { reason: "FieldValueDuplicate", message: "Cannot update DataVolume Spec", field: "DataVolume" },
      ]);
    }
    if (request.operation !== "CREATE") return object;
    const causes = checkSpec(spec);
    const { name } = object.metadata;
    if (
      causes.length === 0 &&
      this.#store.get({ ...CLAIMS, namespace: request.namespace, name }) !== undefined
    ) {
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Destination PVC ${request.namespace}/${name} already exists`,
        field: "DataVolume.Name",
      });
    }
    if (causes.length > 0) throw causesToError(causes);
    this.#checkClone(spec, request);
    return object;
  }

  #checkClone(spec: DataVolumeSpec, request: AdmissionRequest): void {
    const from =
      spec.source?.["pvc"]?.namespace ?? spec.source?.["snapshot"]?.namespace ?? spec.sourceRef?.namespace;
    if (from === undefined || from === request.namespace) return;
    const words = copyRefusal(this.#authorizer, request.user, from);
    if (words !== undefined) throw refusePlainly("datavolume-mutate.cdi.kubevirt.io", words);
  }
}

function causesToError(causes: StatusCause[]): Error {
  return refuseWithCauses(WEBHOOK, causes) ?? new Error("a refusal needs a cause");
}

function checkSpec(spec: DataVolumeSpec): StatusCause[] {
  const one = (reason: string, message: string, field: string): StatusCause[] => [{ reason, message, field }];
  const { pvc, storage, source, sourceRef } = spec;
  if (pvc === undefined && storage === undefined) {
    return one("FieldValueInvalid", "Missing Data volume PVC", "spec.PVC");
  }
  if (pvc !== undefined && storage !== undefined) {
    return one(
      "FieldValueInvalid",
      "Duplicate storage definition, both target storage and target pvc defined",
      "spec.PVC.Storage",
    );
  }
  const target = pvc ?? storage ?? {};
  const populated = target.dataSource !== undefined || target.dataSourceRef !== undefined;
  const given = SOURCES.filter((name) => source?.[name] !== undefined);
  if (given.length > 1) return one("FieldValueInvalid", "Multiple Data volume sources", "spec.source");
  if (source !== undefined && sourceRef !== undefined) {
    return one("FieldValueInvalid", "Data volume should have either Source or SourceRef", "spec");
  }
  if (!populated && given.length === 0 && sourceRef === undefined) {
    return one(
      "FieldValueInvalid",
      "Data volume should have either Source, SourceRef, or be externally populated",
      "spec",
    );
  }
  const url = source?.["http"]?.url ?? source?.["s3"]?.url ?? source?.["gcs"]?.url;
  if (url !== undefined && !/^(https?|s3|gs):\/\/[^/]+/.test(url)) {
    return one("FieldValueInvalid", `spec.source Invalid source URL: ${url}`, "spec.source");
  }
  return checkSize(target, given, sourceRef !== undefined || populated);
}

function checkSize(target: Target, sources: string[], sizeMayBeInferred: boolean): StatusCause[] {
  const size = target.resources?.requests?.storage;
  if (size === undefined) {
    const inferred = sizeMayBeInferred || sources.includes("pvc") || sources.includes("snapshot");
    return inferred
      ? []
      : [
          {
            reason: "FieldValueInvalid",
            message: "PVC size is missing",
            field: "spec.PVC.resources.requests.storage",
          },
        ];
  }
  const bytes = quantityBytes(String(size));
  if (Number.isNaN(bytes)) {
    return [
      {
        reason: "FieldValueInvalid",
        message: `PVC size ${size} is not a quantity`,
        field: "spec.PVC.resources.requests.storage",
      },
    ];
  }
  if (bytes < 1024 * 1024) {
    return [
      {
        reason: "FieldValueInvalid",
        message: "PVC size should be at least 1MiB",
        field: "spec.PVC.resources.requests.storage",
      },
    ];
  }
  return [];
}
