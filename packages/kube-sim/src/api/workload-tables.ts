/** Table columns of workloads and what guards them (Kubernetes' pkg/printers/internalversion/printers.go). */
import { humanDuration } from "./duration.ts";
import {
  age,
  type BuiltinTable,
  count,
  first,
  images,
  list,
  names,
  selectorText,
  since,
  text,
} from "./table-cells.ts";

const containers = (object: unknown, path = ".spec.template.spec"): unknown[] =>
  list(object, `${path}.containers`);

/** Of jobs: how many ends are wanted. */
function completions(job: unknown): string {
  const succeeded = count(job, ".status.succeeded");
  if (first(job, ".spec.completions") !== undefined) return `${succeeded}/${count(job, ".spec.completions")}`;
  const parallelism = count(job, ".spec.parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobStatus(job: unknown): string {
  const has = (type: string) => text(job, `.status.conditions[?(@.type=="${type}")].status`) === "True";
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (first(job, ".metadata.deletionTimestamp") !== undefined) return "Terminating";
  if (has("Suspended")) return "Suspended";
  if (has("FailureTarget")) return "FailureTarget";
  if (has("SuccessCriteriaMet")) return "SuccessCriteriaMet";
  return "Running";
}

function jobDuration(job: unknown, nowMs: number): string {
  const start = text(job, ".status.startTime");
  if (start === "") return "";
  const end = text(job, ".status.completionTime");
  return humanDuration((end === "" ? nowMs : Date.parse(end)) - Date.parse(start));
}

export const workloadTables: Readonly<Record<string, BuiltinTable>> = {
  "apps/replicasets": {
    columns: [
      ["Name", "string"],
      ["Desired", "integer"],
      ["Current", "integer"],
      ["Ready", "integer"],
      ["Age", "string"],
      ["Containers", "string", 1],
      ["Images", "string", 1],
      ["Selector", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      count(object, ".spec.replicas"),
      count(object, ".status.replicas"),
      count(object, ".status.readyReplicas"),
      age(object, now),
      names(containers(object)),
      images(containers(object)),
      selectorText(first(object, ".spec.selector")),
    ],
  },
  "apps/statefulsets": {
    columns: [
      ["Name", "string"],
      ["Ready", "string"],
      ["Age", "string"],
      ["Containers", "string", 1],
      ["Images", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      `${count(object, ".status.readyReplicas")}/${count(object, ".spec.replicas")}`,
      age(object, now),
      names(containers(object)),
      images(containers(object)),
    ],
  },
  "apps/daemonsets": {
    columns: [
      ["Name", "string"],
      ["Desired", "integer"],
      ["Current", "integer"],
      ["Ready", "integer"],
      ["Up-to-date", "integer"],
      ["Available", "integer"],
      ["Node Selector", "string"],
      ["Age", "string"],
      ["Containers", "string", 1],
      ["Images", "string", 1],
      ["Selector", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      count(object, ".status.desiredNumberScheduled"),
      count(object, ".status.currentNumberScheduled"),
      count(object, ".status.numberReady"),
      count(object, ".status.updatedNumberScheduled"),
      count(object, ".status.numberAvailable"),
      selectorText({ matchLabels: first(object, ".spec.template.spec.nodeSelector") }),
      age(object, now),
      names(containers(object)),
      images(containers(object)),
      selectorText(first(object, ".spec.selector")),
    ],
  },
  "apps/controllerrevisions": {
    columns: [
      ["Name", "string"],
      ["Controller", "string"],
      ["Revision", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => {
      const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
      const group =
        owner?.apiVersion.includes("/") === true ? `.${owner.apiVersion.split("/")[0] ?? ""}` : "";
      return [
        object.metadata.name,
        owner === undefined ? "<none>" : `${owner.kind.toLowerCase()}${group}/${owner.name}`,
        count(object, ".revision"),
        age(object, now),
      ];
    },
  },
  "batch/jobs": {
    columns: [
      ["Name", "string"],
      ["Status", "string"],
      ["Completions", "string"],
      ["Duration", "string"],
      ["Age", "string"],
      ["Containers", "string", 1],
      ["Images", "string", 1],
      ["Selector", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      jobStatus(object),
      completions(object),
      jobDuration(object, now),
      age(object, now),
      names(containers(object)),
      images(containers(object)),
      selectorText(first(object, ".spec.selector")),
    ],
  },
  "batch/cronjobs": {
    columns: [
      ["Name", "string"],
      ["Schedule", "string"],
      ["Timezone", "string"],
      ["Suspend", "boolean"],
      ["Active", "integer"],
      ["Last Schedule", "string"],
      ["Age", "string"],
      ["Containers", "string", 1],
      ["Images", "string", 1],
      ["Selector", "string", 1],
    ],
    cells: (object, now) => {
      const last = text(object, ".status.lastScheduleTime");
      const held = containers(object, ".spec.jobTemplate.spec.template.spec");
      return [
        object.metadata.name,
        text(object, ".spec.schedule"),
        text(object, ".spec.timeZone", "<none>"),
        text(object, ".spec.suspend", "<unset>") === "true" ? "True" : "False",
        list(object, ".status.active").length,
        last === "" ? "<none>" : since(last, now),
        age(object, now),
        names(held),
        images(held),
        selectorText(first(object, ".spec.jobTemplate.spec.selector")),
      ];
    },
  },
  "policy/poddisruptionbudgets": {
    columns: [
      ["Name", "string"],
      ["Min Available", "string"],
      ["Max Unavailable", "string"],
      ["Allowed Disruptions", "integer"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      text(object, ".spec.minAvailable", "N/A"),
      text(object, ".spec.maxUnavailable", "N/A"),
      count(object, ".status.disruptionsAllowed"),
      age(object, now),
    ],
  },
  "scheduling.k8s.io/priorityclasses": {
    columns: [
      ["Name", "string"],
      ["Value", "integer"],
      ["Global-Default", "boolean"],
      ["Age", "string"],
      ["PreemptionPolicy", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      count(object, ".value"),
      first(object, ".globalDefault") === true,
      age(object, now),
      text(object, ".preemptionPolicy", "PreemptLowerPriority"),
    ],
  },
};
