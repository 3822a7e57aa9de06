/**
 * What fields of workloads and their like count as where they are not given, and the status they begin with. Source:
 * pkg/apis/{apps,batch,networking}/v1/defaults.go, and the fields without `omitempty` of their statuses.
 */
import { randomUUID } from "node:crypto";
import type { KubeObject } from "../store/kube-object.ts";
import type { GroupResource } from "../store/object-store.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { withPodDefaults } from "./pod-defaults.ts";

type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function withTemplateDefaults(spec: Json): Json {
  const { template } = spec;
  if (!isJson(template) || !isJson(template["spec"])) return spec;
  return { ...spec, template: { ...template, spec: withPodDefaults(template["spec"]) } };
}

const rollingUpdate = (given: unknown, defaults: Json): Json => {
  const strategy = isJson(given) ? given : {};
  const type = strategy["type"] ?? "RollingUpdate";
  if (type !== "RollingUpdate") return { ...strategy, type };
  const update = isJson(strategy["rollingUpdate"]) ? strategy["rollingUpdate"] : {};
  return { ...strategy, type, rollingUpdate: { ...defaults, ...update } };
};

function jobDefaults(spec: Json): Json {
  const isEndless = spec["completions"] === undefined && spec["parallelism"] === undefined;
  return {
    ...(isEndless ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed",
    manualSelector: false,
    ...withTemplateDefaults(spec),
  };
}

function cronJobDefaults(spec: Json): Json {
  const { jobTemplate } = spec;
  const job =
    isJson(jobTemplate) && isJson(jobTemplate["spec"])
      ? { ...jobTemplate, spec: withTemplateDefaults(jobTemplate["spec"]) }
      : jobTemplate;
  return {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...spec,
    ...(job === undefined ? {} : { jobTemplate: job }),
  };
}

function networkPolicyDefaults(spec: Json): Json {
  const withPorts = (rules: unknown): unknown =>
    Array.isArray(rules)
      ? rules.map((rule: unknown) =>
          isJson(rule) && Array.isArray(rule["ports"])
            ? {
                ...rule,
                ports: rule["ports"].map((port: unknown) =>
                  isJson(port) ? { protocol: "TCP", ...port } : port,
                ),
              }
            : rule,
        )
      : rules;
  return {
    policyTypes: spec["egress"] === undefined ? ["Ingress"] : ["Ingress", "Egress"],
    ...spec,
    ...(spec["ingress"] === undefined ? {} : { ingress: withPorts(spec["ingress"]) }),
    ...(spec["egress"] === undefined ? {} : { egress: withPorts(spec["egress"]) }),
  };
}

const SPECS: Record<string, (spec: Json) => Json> = {
  "apps/deployments": (spec) => ({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...withTemplateDefaults(spec),
    strategy: rollingUpdate(spec["strategy"], { maxUnavailable: "25%", maxSurge: "25%" }),
  }),
  "apps/replicasets": (spec) => ({ replicas: 1, ...withTemplateDefaults(spec) }),
  "apps/statefulsets": (spec) => ({
    replicas: 1,
    podManagementPolicy: "OrderedReady",
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    ...withTemplateDefaults(spec),
    updateStrategy: rollingUpdate(spec["updateStrategy"], { partition: 0 }),
  }),
  "apps/daemonsets": (spec) => ({
    revisionHistoryLimit: 10,
    ...withTemplateDefaults(spec),
    updateStrategy: rollingUpdate(spec["updateStrategy"], { maxUnavailable: 1, maxSurge: 0 }),
  }),
  "batch/jobs": jobDefaults,
  "batch/cronjobs": cronJobDefaults,
  "networking.k8s.io/networkpolicies": networkPolicyDefaults,
};

const STATUSES: Record<string, Json> = {
  "apps/deployments": {},
  "apps/replicasets": { replicas: 0 },
  "apps/statefulsets": { replicas: 0, availableReplicas: 0 },
  "apps/daemonsets": {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  },
  "batch/jobs": {},
  "batch/cronjobs": {},
  "policy/poddisruptionbudgets": {
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  },
  "/resourcequotas": {},
};

/** A job chooses its pods by its own identity, so that no other's are taken for them. Source: pkg/registry/batch/job. */
function withOwnSelector(job: KubeObject): KubeObject {
  const spec = job["spec"];
  if (!isJson(spec) || spec["manualSelector"] === true || !isJson(spec["template"])) return job;
  const uid = randomUUID();
  const { template } = spec;
  const metadata = isJson(template["metadata"]) ? template["metadata"] : {};
  const labels = isJson(metadata["labels"]) ? metadata["labels"] : {};
  const { name } = job.metadata;
  const own = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  return {
    ...job,
    metadata: { ...job.metadata, uid },
    spec: {
      ...spec,
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uid } },
      template: { ...template, metadata: { ...metadata, labels: { ...labels, ...own } } },
    },
  };
}

/** A spec as it would be stored; one that a scenario or an older version stored may lack what is decided by default. */
export function withWorkloadDefaults({ group, resource }: GroupResource, spec: unknown): unknown {
  const defaulted = SPECS[`${group}/${resource}`];
  return defaulted !== undefined && isJson(spec) ? defaulted(spec) : spec;
}

export class WorkloadDefaults implements AdmissionRule {
  admit(object: KubeObject, { operation, kind, subresource }: AdmissionRequest): KubeObject {
    if (operation === "DELETE" || subresource !== "") return object;
    const key = `${kind.group}/${kind.resource}`;
    const spec = withWorkloadDefaults(kind, object["spec"]);
    const next = spec === object["spec"] ? object : { ...object, spec };
    const status = STATUSES[key];
    if (operation !== "CREATE" || status === undefined) return next;
    const begun = { ...next, status };
    return key === "batch/jobs" ? withOwnSelector(begun) : begun;
  }
}
