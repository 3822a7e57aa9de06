/**
 * What workloads must look like: a selector that finds their own pods and stays, a template that makes pods. Source:
 * Kubernetes' pkg/apis/{apps,batch}/validation.
 */
import { type ObjectSelector, selects } from "../controllers/object-selector.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { sameJson } from "../store/json-equality.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { scheduleProblem } from "./cron-schedule.ts";
import {
  type Cause,
  forbiddenField,
  immutable,
  invalidValue,
  nonNegative,
  required,
  unsupported,
} from "./field-causes.ts";
import { selectorProblems } from "./label-selector-problems.ts";
import { type PodTemplate, podTemplateProblems } from "./pod-spec-problems.ts";
import { withWorkloadDefaults } from "./workload-defaults.ts";
import { type WholeOrPercent, wholeOrPercentProblems } from "./whole-or-percent.ts";

interface WorkloadSpec {
  replicas?: number;
  selector?: ObjectSelector;
  template?: PodTemplate;
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
  /** Of a Deployment. */
  strategy?: {
    type?: string;
    rollingUpdate?: { maxUnavailable?: WholeOrPercent; maxSurge?: WholeOrPercent } | null;
  };
  progressDeadlineSeconds?: number;
  /** Of a StatefulSet. */
  podManagementPolicy?: string;
  /** Of a Job. */
  parallelism?: number;
  completions?: number;
  activeDeadlineSeconds?: number;
  backoffLimit?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  /** Of a CronJob. */
  concurrencyPolicy?: string;
  startingDeadlineSeconds?: number;
  successfulJobsHistoryLimit?: number;
  failedJobsHistoryLimit?: number;
  schedule?: string;
  jobTemplate?: { spec?: WorkloadSpec };
}

const EMPTY_FOR: Record<string, string> = {
  deployments: "deployment",
  replicasets: "deployment",
  statefulsets: "statefulset",
  daemonsets: "daemonset",
};

export class WorkloadRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    if (operation === "DELETE" || subresource !== "") return object;
    const spec = (object["spec"] ?? {}) as WorkloadSpec; // decoded by its type
    const before = old && (withWorkloadDefaults(kind, old["spec"]) as WorkloadSpec | undefined); // as above
    const causes: Cause[] = [];
    if (kind.group === "apps" && kind.resource in EMPTY_FOR)
      causes.push(...problemsOfSet(kind.resource, spec, before));
    if (kind.group === "batch" && kind.resource === "jobs")
      causes.push(...problemsOfJob(spec, before, "spec"));
    if (kind.group === "batch" && kind.resource === "cronjobs") {
      causes.push(...problemsOfCronJob(spec));
      if (old === undefined && object.metadata.name.length > 52)
        causes.push(
          invalidValue("metadata.name", object.metadata.name, "must be no more than 52 characters"),
        );
    }
    if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
    return object;
  }
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: ObjectSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

function problemsOfSet(resource: string, spec: WorkloadSpec, before: WorkloadSpec | undefined): Cause[] {
  const { replicas = 0, selector, template } = spec;
  const causes: Cause[] = [];
  if (resource === "statefulsets") causes.push(...problemsOfStatefulSet(spec, before));
  causes.push(...nonNegative("spec.replicas", replicas));
  if (selector === undefined) causes.push(required("spec.selector"));
  else {
    causes.push(...selectorProblems(selector, "spec.selector"));
    if (isEmpty(selector))
      causes.push(
        invalidValue("spec.selector", selector, `empty selector is invalid for ${EMPTY_FOR[resource]}`),
      );
  }
  const labels = template?.metadata?.labels;
  if (selector !== undefined && causes.length === 0 && !selects(selector, labels))
    causes.push(
      invalidValue(
        "spec.template.metadata.labels",
        labels ?? null,
        "`selector` does not match template `labels`",
      ),
    );
  if (before !== undefined && resource !== "statefulsets" && !sameJson(before.selector, selector))
    causes.push(invalidValue("spec.selector", selector ?? null, "field is immutable"));
  causes.push(...podTemplateProblems(template ?? {}, "spec.template"));
  const restartPolicy = template?.spec?.restartPolicy ?? "Always";
  if (restartPolicy !== "Always")
    causes.push(unsupported("spec.template.spec.restartPolicy", restartPolicy, ["Always"]));
  if (resource === "deployments") causes.push(...problemsOfRollout(spec));
  causes.push(...nonNegative("spec.minReadySeconds", spec.minReadySeconds));
  causes.push(...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit));
  return causes;
}

const isZero = (value: WholeOrPercent | undefined): boolean => Number.parseInt(String(value ?? 0), 10) === 0;

/** Of a Deployment. */
function problemsOfRollout({
  strategy = {},
  minReadySeconds = 0,
  progressDeadlineSeconds,
}: WorkloadSpec): Cause[] {
  const { type = "RollingUpdate", rollingUpdate } = strategy;
  const causes: Cause[] = [];
  const at = "spec.strategy.rollingUpdate";
  if (type === "Recreate") {
    if (rollingUpdate !== undefined && rollingUpdate !== null)
      causes.push(forbiddenField(at, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type === "RollingUpdate") {
    const { maxUnavailable, maxSurge } = rollingUpdate ?? {};
    causes.push(...wholeOrPercentProblems(maxUnavailable, `${at}.maxUnavailable`, 100));
    causes.push(...wholeOrPercentProblems(maxSurge, `${at}.maxSurge`));
    if (isZero(maxUnavailable) && isZero(maxSurge))
      causes.push(invalidValue(`${at}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  } else {
    const shown = { Type: type, RollingUpdate: rollingUpdate ?? null };
    causes.push(unsupported("spec.strategy", shown, ["Recreate", "RollingUpdate"]));
  }
  causes.push(...nonNegative("spec.progressDeadlineSeconds", progressDeadlineSeconds));
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds)
    causes.push(
      invalidValue(
        "spec.progressDeadlineSeconds",
        progressDeadlineSeconds,
        "must be greater than minReadySeconds",
      ),
    );
  return causes;
}

const SET_CHANGES = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

/** What does not change of a StatefulSet: `serviceName`, `selector`, `volumeClaimTemplates`, … */
const fixedPart = (spec: WorkloadSpec): object => {
  const kept = Object.entries(spec).filter(([field]) => !SET_CHANGES.includes(field));
  return { podManagementPolicy: "OrderedReady", ...Object.fromEntries(kept) };
};

function problemsOfStatefulSet(spec: WorkloadSpec, before: WorkloadSpec | undefined): Cause[] {
  const { podManagementPolicy: policy = "OrderedReady" } = spec;
  const causes: Cause[] = [];
  if (policy !== "OrderedReady" && policy !== "Parallel")
    causes.push(invalidValue("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  if (before !== undefined && !sameJson(fixedPart(spec), fixedPart(before))) {
    const [last = "", ...others] = SET_CHANGES.map((field) => `'${field}'`).toReversed();
    const list = `${others.toReversed().join(", ")} and ${last}`;
    const text = `updates to statefulset spec for fields other than ${list} are forbidden`;
    causes.push(forbiddenField("spec", text));
  }
  return causes;
}

const JOB_NUMBERS = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
] as const;

/** Of a Job, or of what a CronJob makes jobs of. */
function problemsOfJob(spec: WorkloadSpec, before: WorkloadSpec | undefined, at: string): Cause[] {
  const causes = JOB_NUMBERS.flatMap((field) => nonNegative(`${at}.${field}`, spec[field]));
  const template = `${at}.template`;
  causes.push(...podTemplateProblems(spec.template ?? {}, template));
  const restartPolicy = spec.template?.spec?.restartPolicy ?? "Always";
  if (restartPolicy === "Always")
    causes.push(required(`${template}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  else if (restartPolicy !== "OnFailure" && restartPolicy !== "Never")
    causes.push(unsupported(`${template}.spec.restartPolicy`, restartPolicy, ["OnFailure", "Never"]));
  if (before === undefined) return causes;
  const fixed = ["completions", "selector", "template"] as const;
  // what is decided when the job is made stays where a replacement does not say it
  const isKept = (field: (typeof fixed)[number]): boolean =>
    sameJson(spec[field], before[field]) || (field === "selector" && spec.selector === undefined);
  const isSuspended = spec.suspend === true || before.suspend === true;
  return [
    ...causes,
    ...fixed
      .filter((field) => !isKept(field) && !(isSuspended && field === "template"))
      .map((field) => immutable(`${at}.${field}`, spec[field] ?? null)),
  ];
}

const CONCURRENCY = ["Allow", "Forbid", "Replace"];

function problemsOfCronJob(spec: WorkloadSpec): Cause[] {
  const { schedule = "", concurrencyPolicy = "Allow", jobTemplate = {} } = spec;
  const causes: Cause[] = [];
  if (schedule === "") causes.push(required("spec.schedule"));
  else {
    const problem = /^(CRON_)?TZ=/.test(schedule)
      ? "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
      : scheduleProblem(schedule);
    if (problem !== undefined) causes.push(invalidValue("spec.schedule", schedule, problem));
  }
  causes.push(...nonNegative("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds));
  if (!CONCURRENCY.includes(concurrencyPolicy))
    causes.push(unsupported("spec.concurrencyPolicy", concurrencyPolicy, CONCURRENCY));
  causes.push(...problemsOfJob(jobTemplate.spec ?? {}, undefined, "spec.jobTemplate.spec"));
  causes.push(...nonNegative("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit));
  causes.push(...nonNegative("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit));
  return causes;
}
