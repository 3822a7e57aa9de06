/** What limit ranges fill in and refuse, in the API server's words. Source: plugin/pkg/admission/limitranger. */
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { forbidden } from "../store/status-error.ts";
import { quantityBytes } from "../upload/byte-quantity.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";

type Quantities = Record<string, string | number>;

interface Resources {
  requests?: Quantities;
  limits?: Quantities;
}

interface Container {
  name?: string;
  resources?: Resources;
}

interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
}

interface LimitItem {
  type: string;
  max?: Quantities;
  min?: Quantities;
  default?: Quantities;
  defaultRequest?: Quantities;
  maxLimitRequestRatio?: Quantities;
}

const LIMIT_RANGES = { group: "", resource: "limitranges" };

const amount = (quantity: string | number | undefined): number =>
  quantity === undefined ? 0 : quantityBytes(String(quantity));

/** Undefined where there is nothing to add. */
function filled(given: Quantities | undefined, defaults: Quantities): Quantities | undefined {
  const next = { ...defaults, ...given };
  return Object.keys(next).length === 0 ? undefined : next;
}

/** Limits default to the most that is allowed, requests to the limits, then to the least. */
function defaultsOf(item: LimitItem): { limits: Quantities; requests: Quantities } {
  const limits = { ...item.max, ...item.default };
  return { limits, requests: { ...item.min, ...limits, ...item.defaultRequest } };
}

function withDefaults(container: Container, items: readonly LimitItem[]): Container {
  let { requests, limits } = container.resources ?? {};
  for (const item of items) {
    const defaults = defaultsOf(item);
    limits = filled(limits, defaults.limits);
    requests = filled(requests, defaults.requests);
  }
  return {
    ...container,
    resources: {
      ...container.resources,
      ...(limits === undefined ? {} : { limits }),
      ...(requests === undefined ? {} : { requests }),
    },
  };
}

function sumOf(containers: readonly Container[], part: keyof Resources): Quantities {
  const sum: Record<string, number> = {};
  for (const container of containers) {
    for (const [name, quantity] of Object.entries(container.resources?.[part] ?? {}))
      sum[name] = (sum[name] ?? 0) + amount(quantity);
  }
  return sum;
}

/** Claims have requests alone. */
function problemsOf(item: LimitItem, { requests = {}, limits = {} }: Resources): string[] {
  const isClaim = item.type === "PersistentVolumeClaim";
  const problems: string[] = [];
  for (const [name, min] of Object.entries(item.min ?? {})) {
    const text = `minimum ${name} usage per ${item.type} is ${min}`;
    const [request, limit] = [requests[name], limits[name]];
    if (request === undefined) problems.push(`${text}.  No request is specified`);
    else if (amount(request) < amount(min)) problems.push(`${text}, but request is ${request}`);
    else if (limit !== undefined && amount(limit) < amount(min))
      problems.push(`${text}, but limit is ${limit}`);
  }
  for (const [name, max] of Object.entries(item.max ?? {})) {
    const text = `maximum ${name} usage per ${item.type} is ${max}`;
    const [request, limit] = [requests[name], limits[name]];
    if (limit === undefined && !isClaim) problems.push(`${text}.  No limit is specified`);
    else if (limit !== undefined && amount(limit) > amount(max))
      problems.push(`${text}, but limit is ${limit}`);
    else if (request !== undefined && amount(request) > amount(max))
      problems.push(`${text}, but request is ${request}`);
  }
  for (const [name, ratio] of Object.entries(item.maxLimitRequestRatio ?? {})) {
    const text = `${name} max limit to request ratio per ${item.type} is ${ratio}`;
    const [request, limit] = [amount(requests[name]), amount(limits[name])];
    if (request === 0) problems.push(`${text}, but no request is specified or request is 0.`);
    else if (limit === 0) problems.push(`${text}, but no limit is specified or limit is 0.`);
    else if (limit / request > amount(ratio))
      problems.push(`${text}, but provided ratio is ${(limit / request).toFixed(6)}`);
  }
  return problems;
}

export class LimitRangeRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource } = request;
    if (kind.group !== "" || operation !== "CREATE" || subresource !== "") return object;
    if (kind.resource !== "pods" && kind.resource !== "persistentvolumeclaims") return object;
    const items = this.#store
      .snapshot(LIMIT_RANGES, request.namespace)
      .flatMap((range) => (range["spec"] as { limits?: LimitItem[] } | undefined)?.limits ?? []); // a LimitRange's spec
    if (items.length === 0) return object;
    const of = (type: string): LimitItem[] => items.filter((item) => item.type === type);
    if (kind.resource === "persistentvolumeclaims") {
      const { resources = {} } = (object["spec"] ?? {}) as { resources?: Resources }; // a claim's spec
      refuse(
        of("PersistentVolumeClaim").flatMap((item) => problemsOf(item, resources)),
        object,
        request,
      );
      return object;
    }
    const spec = (object["spec"] ?? {}) as PodSpec; // a Pod's spec
    const perContainer = of("Container");
    const fill = (containers: Container[] | undefined): Container[] | undefined =>
      containers?.map((container) => withDefaults(container, perContainer));
    const containers = fill(spec.containers) ?? [];
    const initContainers = fill(spec.initContainers);
    const all = [...containers, ...(initContainers ?? [])];
    const whole = { requests: sumOf(containers, "requests"), limits: sumOf(containers, "limits") };
    refuse(
      [
        ...perContainer.flatMap((item) => all.flatMap(({ resources = {} }) => problemsOf(item, resources))),
        ...of("Pod").flatMap((item) => problemsOf(item, whole)),
      ],
      object,
      request,
    );
    return {
      ...object,
      spec: { ...spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
    };
  }
}

function refuse(problems: readonly string[], object: KubeObject, request: AdmissionRequest): void {
  const [first] = problems;
  if (first === undefined) return;
  throw forbidden(
    request.kind,
    object.metadata.name,
    problems.length === 1 ? first : `[${problems.join(", ")}]`,
  );
}
