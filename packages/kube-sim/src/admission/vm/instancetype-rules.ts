/** What an instance type or preference does to a VM at admission. Source: KubeVirt's pkg/instancetype. */
import { isRecord } from "../../api/json-patch.ts";
import { parseQuantity } from "../../controllers/quantity.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import type { StatusCause } from "../../store/status-error.ts";
import type { Matcher, VmSpec } from "./vm-shape.ts";

const GROUP = "instancetype.kubevirt.io";

/** The object a matcher names; a missing one is not refused here but shows on the VM later. */
export function findMatched(
  store: KubeStore,
  matcher: Matcher | undefined,
  what: "instancetype" | "preference",
  namespace: string,
): KubeObject | undefined {
  if (matcher?.name === undefined || matcher.name === "") return undefined;
  const kind = (matcher.kind ?? "").toLowerCase();
  const isNamespaced = kind === `virtualmachine${what}`;
  const resource = isNamespaced ? `virtualmachine${what}s` : `virtualmachinecluster${what}s`;
  return store.get({ group: GROUP, resource, name: matcher.name, ...(isNamespaced ? { namespace } : {}) });
}

const CONFLICTING: readonly (readonly string[])[] = [
  ["cpu", "sockets"],
  ["cpu", "cores"],
  ["cpu", "threads"],
  ["cpu", "maxSockets"],
  ["cpu", "model"],
  ["cpu", "dedicatedCpuPlacement"],
  ["cpu", "isolateEmulatorThread"],
  ["cpu", "numa"],
  ["cpu", "realtime"],
  ["memory", "guest"],
  ["memory", "maxGuest"],
  ["memory", "hugepages"],
  ["resources", "requests", "cpu"],
  ["resources", "requests", "memory"],
  ["resources", "limits", "cpu"],
  ["resources", "limits", "memory"],
];

/** Fields that an instance type owns may not be given beside one. */
export function instancetypeConflicts(store: KubeStore, spec: VmSpec, namespace: string): StatusCause[] {
  if (findMatched(store, spec.instancetype, "instancetype", namespace) === undefined) return [];
  const domain: unknown = spec.template?.spec?.domain ?? {};
  const given = CONFLICTING.filter((path) => {
    let value: unknown = domain;
    for (const key of path) value = isRecord(value) ? value[key] : undefined;
    return value !== undefined;
  });
  return given.map((path) => {
    const field = `spec.template.spec.domain.${path.join(".")}`;
    return {
      reason: "FieldValueInvalid",
      message: `VM field(s) ${field} conflicts with selected instance type`,
      field,
    };
  });
}

const shortfall = (message: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message: `failure checking preference requirements: ${message}`,
  field: "spec.instancetype",
});

/** A preference may ask for more CPUs or memory than the type gives. Source: pkg/instancetype/preference/requirements. */
export function preferenceShortfall(store: KubeStore, spec: VmSpec, namespace: string): StatusCause[] {
  const preference = findMatched(store, spec.preference, "preference", namespace);
  const type = findMatched(store, spec.instancetype, "instancetype", namespace);
  if (type === undefined) return [];
  const requirements = at(preference?.["spec"], ["requirements"]);
  const required = Number(at(requirements, ["cpu", "guest"]) ?? 0);
  const provided = Number(at(type["spec"], ["cpu", "guest"]) ?? 0);
  if (required > provided)
    return [
      shortfall(
        `insufficient CPU resources of ${provided} vCPU provided by instance type, preference requires ${required} vCPU`,
      ),
    ];
  const wanted = at(requirements, ["memory", "guest"]);
  const given = at(type["spec"], ["memory", "guest"]);
  if (
    typeof wanted !== "string" ||
    typeof given !== "string" ||
    parseQuantity(wanted) <= parseQuantity(given)
  )
    return [];
  return [
    {
      ...shortfall(
        `insufficient Memory resources of ${given} provided by instance type, preference requires ${wanted}`,
      ),
      reason: "FieldValueNotFound",
    },
  ];
}

export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((current, key) => (isRecord(current) ? current[key] : undefined), value);
}
