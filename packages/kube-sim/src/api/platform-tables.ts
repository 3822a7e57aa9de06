/** Table columns of what the platform keeps: storage drivers, leases, endpoints, policies, and what extends the API. */
import { age, type BuiltinTable, first, list, selectorText, text } from "./table-cells.ts";
import { readJsonPath } from "./json-path.ts";

const flag = (object: unknown, path: string): boolean => first(object, path) === true;

/** Three of them, and how many more there are (printers.go, listWithMoreString). */
function few(values: readonly unknown[]): string {
  if (values.length === 0) return "<unset>";
  const shown = values.slice(0, 3).map(String).join(",");
  return values.length > 3 ? `${shown} + ${values.length - 3} more...` : shown;
}

export const platformTables: Readonly<Record<string, BuiltinTable>> = {
  "storage.k8s.io/csidrivers": {
    columns: [
      ["Name", "string"],
      ["AttachRequired", "boolean"],
      ["PodInfoOnMount", "boolean"],
      ["StorageCapacity", "boolean"],
      ["TokenRequests", "string"],
      ["RequiresRepublish", "boolean"],
      ["Modes", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      first(object, ".spec.attachRequired") !== false,
      flag(object, ".spec.podInfoOnMount"),
      flag(object, ".spec.storageCapacity"),
      readJsonPath(object, ".spec.tokenRequests[*].audience").join(",") || "<unset>",
      flag(object, ".spec.requiresRepublish"),
      readJsonPath(object, ".spec.volumeLifecycleModes[*]").join(",") || "Persistent",
      age(object, now),
    ],
  },
  "storage.k8s.io/csinodes": {
    columns: [
      ["Name", "string"],
      ["Drivers", "integer"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, list(object, ".spec.drivers").length, age(object, now)],
  },
  "storage.k8s.io/csistoragecapacities": {
    columns: [
      ["Name", "string"],
      ["StorageClassName", "string"],
      ["Capacity", "string"],
    ],
    cells: (object) => [
      object.metadata.name,
      text(object, ".storageClassName"),
      text(object, ".capacity", "<unset>"),
    ],
  },
  "storage.k8s.io/volumeattachments": {
    columns: [
      ["Name", "string"],
      ["Attacher", "string"],
      ["PV", "string"],
      ["Node", "string"],
      ["Attached", "boolean"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      text(object, ".spec.attacher"),
      text(object, ".spec.source.persistentVolumeName"),
      text(object, ".spec.nodeName"),
      flag(object, ".status.attached"),
      age(object, now),
    ],
  },
  "coordination.k8s.io/leases": {
    columns: [
      ["Name", "string"],
      ["Holder", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, text(object, ".spec.holderIdentity"), age(object, now)],
  },
  "discovery.k8s.io/endpointslices": {
    columns: [
      ["Name", "string"],
      ["AddressType", "string"],
      ["Ports", "string"],
      ["Endpoints", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      text(object, ".addressType"),
      few(list(object, ".ports").map((port) => first(port, ".port") ?? first(port, ".name") ?? "*")),
      few(readJsonPath(object, ".endpoints[*].addresses[*]")),
      age(object, now),
    ],
  },
  "networking.k8s.io/networkpolicies": {
    columns: [
      ["Name", "string"],
      ["Pod-Selector", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      selectorText(first(object, ".spec.podSelector")),
      age(object, now),
    ],
  },
  "apiextensions.k8s.io/customresourcedefinitions": {
    columns: [
      ["Name", "string"],
      ["Created At", "date"],
    ],
    cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
  },
  "apiregistration.k8s.io/apiservices": {
    columns: [
      ["Name", "string"],
      ["Service", "string"],
      ["Available", "string"],
      ["Age", "date"],
    ],
    cells: (object, now) => {
      const available = first(object, '.status.conditions[?(@.type=="Available")]');
      const status = text(available, ".status", "Unknown");
      const service = first(object, ".spec.service");
      return [
        object.metadata.name,
        service === undefined || service === null
          ? "Local"
          : `${text(service, ".namespace")}/${text(service, ".name")}`,
        status === "True" ? status : `${status} (${text(available, ".reason", "Unknown")})`,
        age(object, now),
      ];
    },
  },
};
