/** What quotas refuse, in the API server's words. Source: apiserver's pkg/admission/plugin/resourcequota. */
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { forbidden } from "../store/status-error.ts";
import { quantityBytes } from "../upload/byte-quantity.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";

const QUOTAS = { group: "", resource: "resourcequotas" };

type Quantities = Record<string, string | number>;

interface Container {
  name?: string;
  resources?: { requests?: Quantities; limits?: Quantities };
}

const amount = (quantity: string | number | undefined): number =>
  quantity === undefined ? 0 : quantityBytes(String(quantity));

const containersOf = (pod: KubeObject): Container[] =>
  (pod["spec"] as { containers?: Container[] } | undefined)?.containers ?? []; // a Pod's spec

const claimRequest = (claim: KubeObject): string | undefined =>
  (claim["spec"] as { resources?: { requests?: { storage?: string } } } | undefined)?.resources?.requests
    ?.storage; // a claim's spec

/** What a new object would use of a quota's resources. */
function usageOf(object: KubeObject, request: AdmissionRequest): Record<string, number> {
  const { kind } = request;
  const count = kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;
  const usage: Record<string, number> = { [`count/${count}`]: 1 };
  if (kind.group !== "") return usage;
  if (
    ["pods", "services", "secrets", "configmaps", "persistentvolumeclaims", "resourcequotas"].includes(
      kind.resource,
    )
  ) {
    usage[kind.resource] = 1;
  }
  if (kind.resource === "persistentvolumeclaims") {
    const storage = amount(claimRequest(object));
    usage["requests.storage"] = storage;
    const storageClass = (object["spec"] as { storageClassName?: string } | undefined)?.storageClassName; // a claim's spec
    if (storageClass !== undefined) {
      usage[`${storageClass}.storageclass.storage.k8s.io/requests.storage`] = storage;
      usage[`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`] = 1;
    }
  }
  if (kind.resource === "pods") {
    for (const container of containersOf(object)) {
      for (const part of ["requests", "limits"] as const) {
        for (const [name, quantity] of Object.entries(container.resources?.[part] ?? {})) {
          usage[`${part}.${name}`] = (usage[`${part}.${name}`] ?? 0) + amount(quantity);
        }
      }
    }
    for (const name of ["cpu", "memory", "ephemeral-storage"]) {
      const requested = usage[`requests.${name}`];
      if (requested !== undefined) usage[name] = requested;
    }
  }
  return usage;
}

const BINARY_UNITS = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

/** Amounts as Kubernetes would print them: CPU in milli, bytes in the largest binary unit that fits evenly. */
function shown(resource: string, value: number): string {
  if (/(^|\.)cpu$/.test(resource))
    return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
  let unit = 0;
  let left = value;
  while (unit < BINARY_UNITS.length - 1 && left >= 1024 && left % 1024 === 0) {
    left /= 1024;
    unit += 1;
  }
  return `${left}${BINARY_UNITS[unit] ?? ""}`;
}

export class QuotaRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const growing = request.operation === "UPDATE" && request.kind.resource === "persistentvolumeclaims";
    if (
      (request.operation !== "CREATE" && !growing) ||
      request.subresource !== "" ||
      !request.kind.namespaced
    ) {
      return object;
    }
    const quotas = this.#store.snapshot(QUOTAS, request.namespace);
    if (quotas.length === 0) return object;
    const before = request.old === undefined ? {} : usageOf(request.old, request);
    const wanted = usageOf(object, request);
    for (const quota of quotas) checkQuota(quota, wanted, before, object, request);
    if (!request.dryRun) for (const quota of quotas) this.#charge(quota, wanted, before);
    return object;
  }

  /** What is admitted counts at once, so that many requests together do not pass the quota; it is counted anew soon. */
  #charge(quota: KubeObject, wanted: Record<string, number>, before: Record<string, number>): void {
    const { hard, used } = statusOf(quota);
    const charged = Object.keys(hard).flatMap((resource) => {
      const delta = (wanted[resource] ?? 0) - (before[resource] ?? 0);
      return delta > 0 ? [[resource, shown(resource, amount(used[resource]) + delta)]] : [];
    });
    if (charged.length === 0) return;
    const { name, namespace = "" } = quota.metadata;
    this.#store.modify({ ...QUOTAS, namespace, name }, { fieldManager: "kube-apiserver" }, (current) => ({
      ...current,
      status: { hard, used: { ...used, ...Object.fromEntries(charged) } },
    }));
  }
}

/** `hard` as it is wanted now, `used` as it was counted last. */
const statusOf = (quota: KubeObject): { hard: Quantities; used: Quantities } => ({
  hard: (quota["spec"] as { hard?: Quantities } | undefined)?.hard ?? {}, // a ResourceQuota's spec
  used: (quota["status"] as { used?: Quantities } | undefined)?.used ?? {}, // a ResourceQuota's status
});

function checkQuota(
  quota: KubeObject,
  wanted: Record<string, number>,
  before: Record<string, number>,
  object: KubeObject,
  request: AdmissionRequest,
): void {
  const { hard, used } = statusOf(quota);
  const name = object.metadata.name;
  if (request.kind.group === "" && request.kind.resource === "pods") {
    const missing = Object.keys(hard)
      .filter(
        (resource) => /^(requests\.|limits\.)?(cpu|memory)$/.test(resource) && wanted[resource] === undefined,
      )
      .toSorted();
    if (missing.length > 0) {
      const containers = containersOf(object).map((container) => container.name ?? "");
      const list = missing.map((resource) => `${resource} for: ${containers.join(",")}`).join("; ");
      throw forbidden(request.kind, name, `failed quota: ${quota.metadata.name}: must specify ${list}`);
    }
  }
  const over = Object.keys(hard)
    .filter((resource) => {
      const delta = (wanted[resource] ?? 0) - (before[resource] ?? 0);
      return delta > 0 && amount(used[resource]) + delta > amount(hard[resource]);
    })
    .toSorted();
  if (over.length === 0) return;
  const list = (value: (resource: string) => string): string =>
    over.map((resource) => `${resource}=${value(resource)}`).join(",");
  throw forbidden(
    request.kind,
    name,
    `exceeded quota: ${quota.metadata.name}, requested: ${list((resource) => shown(resource, (wanted[resource] ?? 0) - (before[resource] ?? 0)))}, used: ${list((resource) => String(used[resource] ?? "0"))}, limited: ${list((resource) => String(hard[resource]))}`,
  );
}
