/**
 * What workloads must look like: a selector that finds their own pods and stays, a template that makes pods. Source:
 * Kubernetes' pkg/apis/{apps,batch}/validation.
 */
import { type ObjectSelector, selects } from "../controllers/object-selector.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { sameJson } from "../store/json-equality.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { type Cause, invalidValue, required, unsupported } from "./field-causes.ts";
import { type PodTemplate, podTemplateProblems } from "./pod-spec-problems.ts";

interface WorkloadSpec {
  replicas?: number;
  selector?: ObjectSelector;
  template?: PodTemplate;
  /** Of a CronJob. */
  schedule?: string;
  jobTemplate?: { spec?: WorkloadSpec };
}

const SELECTING = new Set(["deployments", "replicasets", "statefulsets", "daemonsets"]);

export class WorkloadRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    if (operation === "DELETE" || subresource !== "") return object;
    const spec = (object["spec"] ?? {}) as WorkloadSpec; // decoded by its type
    const before = old?.["spec"] as WorkloadSpec | undefined; // as above
    const causes: Cause[] = [];
    if (kind.group === "apps" && SELECTING.has(kind.resource)) causes.push(...problemsOfSet(spec, before));
    if (kind.group === "batch" && kind.resource === "jobs")
      causes.push(...templateProblems(spec.template, "spec.template", ["OnFailure", "Never"]));
    if (kind.group === "batch" && kind.resource === "cronjobs") {
      if (!spec.schedule) causes.push(required("spec.schedule"));
      const template = spec.jobTemplate?.spec?.template;
      causes.push(...templateProblems(template, "spec.jobTemplate.spec.template", ["OnFailure", "Never"]));
    }
    if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
    return object;
  }
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: ObjectSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

function problemsOfSet(spec: WorkloadSpec, before: WorkloadSpec | undefined): Cause[] {
  const { replicas = 0, selector, template } = spec;
  const causes: Cause[] = [];
  if (replicas < 0)
    causes.push(invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"));
  if (selector === undefined) causes.push(required("spec.selector"));
  else if (isEmpty(selector))
    causes.push(invalidValue("spec.selector", selector, "empty selector is invalid for deployment"));
  const labels = template?.metadata?.labels;
  if (selector !== undefined && !selects(selector, labels))
    causes.push(
      invalidValue(
        "spec.template.metadata.labels",
        labels ?? null,
        "`selector` does not match template `labels`",
      ),
    );
  if (before !== undefined && !sameJson(before.selector, selector))
    causes.push(invalidValue("spec.selector", selector ?? null, "field is immutable"));
  return [...causes, ...templateProblems(template, "spec.template", ["Always"])];
}

function templateProblems(
  template: PodTemplate | undefined,
  at: string,
  restarts: readonly string[],
): Cause[] {
  const spec = template?.spec ?? {};
  const causes = podTemplateProblems(template ?? {}, at);
  const restartPolicy = spec.restartPolicy ?? "Always";
  if (!restarts.includes(restartPolicy))
    causes.push(unsupported(`${at}.spec.restartPolicy`, restartPolicy, restarts));
  return causes;
}
