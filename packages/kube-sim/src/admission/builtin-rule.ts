/** Refuses objects of built-in kinds that the API server would not store, and changes that it would not make. */
import type { ObjectSelector } from "../controllers/object-selector.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { type Cause, forbiddenField, immutable, invalidValue, unsupported } from "./field-causes.ts";
import { selectorProblems } from "./label-selector-problems.ts";
import { limitRangeProblems, quotaProblems, withLimitDefaults } from "./limit-problems.ts";
import { unknownFinalizer } from "./metadata-problems.ts";
import { qualifiedNameProblems } from "./name-formats.ts";
import { endpointSliceProblems, endpointsProblems, networkPolicyProblems } from "./network-problems.ts";
import { persistentVolumeProblems, volumeAttachmentProblems } from "./volume-rules.ts";
import { type WholeOrPercent, wholeOrPercentProblems } from "./whole-or-percent.ts";

/** Users' own priorities end here; above are those of the system. Source: pkg/apis/scheduling. */
const HIGHEST_PRIORITY = 1_000_000_000;

function priorityClassProblems(priority: KubeObject, old: KubeObject | undefined): Cause[] {
  const { value = 0, preemptionPolicy = "PreemptLowerPriority" } = priority as unknown as {
    value?: number;
    preemptionPolicy?: string;
  }; // decoded by its type
  const causes: Cause[] = [];
  const policies = ["Never", "PreemptLowerPriority"];
  if (value > HIGHEST_PRIORITY && old === undefined)
    causes.push(
      forbiddenField("value", `maximum allowed value of a user defined priority is ${HIGHEST_PRIORITY}`),
    );
  if (!policies.includes(preemptionPolicy))
    causes.push(unsupported("preemptionPolicy", preemptionPolicy, ["PreemptLowerPriority", "Never"]));
  if (old === undefined) return causes;
  if (value !== (old["value"] ?? 0)) causes.push(forbiddenField("value", "may not be changed in an update."));
  if (preemptionPolicy !== (old["preemptionPolicy"] ?? "PreemptLowerPriority"))
    causes.push(immutable("preemptionPolicy", preemptionPolicy));
  return causes;
}

/** Source: pkg/apis/coordination/validation. */
function leaseProblems(lease: KubeObject): Cause[] {
  const { leaseDurationSeconds: duration, leaseTransitions: transitions } = (lease["spec"] ?? {}) as {
    leaseDurationSeconds?: number | null;
    leaseTransitions?: number | null;
  }; // decoded by its type
  const causes: Cause[] = [];
  if ((duration ?? 1) <= 0)
    causes.push(invalidValue("spec.leaseDurationSeconds", duration, "must be greater than 0"));
  if ((transitions ?? 0) < 0)
    causes.push(invalidValue("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
  return causes;
}

/** Source: pkg/apis/policy/validation. */
function budgetProblems(budget: KubeObject): Cause[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = (budget["spec"] ?? {}) as {
    minAvailable?: WholeOrPercent;
    maxUnavailable?: WholeOrPercent;
    selector?: ObjectSelector;
    unhealthyPodEvictionPolicy?: string;
  }; // decoded by its type
  const shown = {
    MinAvailable: minAvailable ?? null,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
  return [
    ...(minAvailable === undefined || maxUnavailable === undefined
      ? []
      : [invalidValue("spec", shown, "minAvailable and maxUnavailable cannot be both set")]),
    ...wholeOrPercentProblems(minAvailable, "spec.minAvailable", 100),
    ...wholeOrPercentProblems(maxUnavailable, "spec.maxUnavailable", 100),
    ...selectorProblems(selector, "spec.selector"),
  ];
}

/** What a namespace waits for is told when it is made; later its own door, `finalize`, changes it. */
function namespaceProblems(namespace: KubeObject, old: KubeObject | undefined): Cause[] {
  if (old !== undefined) return [];
  const { finalizers = [] } = (namespace["spec"] ?? {}) as { finalizers?: string[] }; // decoded by its type
  const at = "spec.finalizers";
  return finalizers.flatMap((name) => [
    ...qualifiedNameProblems(name).map((problem) => invalidValue(at, name, problem)),
    ...unknownFinalizer(name, at),
  ]);
}

const PROBLEMS: Record<string, (object: KubeObject, old: KubeObject | undefined) => Cause[]> = {
  "/persistentvolumes": persistentVolumeProblems,
  "storage.k8s.io/volumeattachments": volumeAttachmentProblems,
  "/limitranges": limitRangeProblems,
  "/resourcequotas": quotaProblems,
  "networking.k8s.io/networkpolicies": networkPolicyProblems,
  "/endpoints": endpointsProblems,
  "discovery.k8s.io/endpointslices": endpointSliceProblems,
  "scheduling.k8s.io/priorityclasses": priorityClassProblems,
  "coordination.k8s.io/leases": leaseProblems,
  "policy/poddisruptionbudgets": budgetProblems,
  "/namespaces": namespaceProblems,
};

export class BuiltinRule implements AdmissionRule {
  admit(given: KubeObject, { kind, operation, subresource, old }: AdmissionRequest): KubeObject {
    if (operation === "DELETE" || subresource !== "") return given;
    const isRange = kind.group === "" && kind.resource === "limitranges";
    const object = isRange ? withLimitDefaults(given) : given;
    const causes = PROBLEMS[`${kind.group}/${kind.resource}`]?.(object, old) ?? [];
    if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
    return object;
  }
}
