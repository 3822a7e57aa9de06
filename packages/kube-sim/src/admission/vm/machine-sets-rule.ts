/** KubeVirt's webhooks of pools and of replica sets. Source: admitters/vmpool-admitter.go and vmirs-admitter.go; order and words theirs. */
import { type ObjectSelector, selectorProblem, selects } from "../../controllers/object-selector.ts";
import { sameJson } from "../../store/json-equality.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import type { StatusCause } from "../../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refuseWithCauses } from "../webhook-refusal.ts";
import { closedAnnotationGates, closedGates } from "./gate-rules.ts";
import { checkVmiSpec, checkVmSpec } from "./vm-rules.ts";
import type { VmiTemplateSpec, VmSpec } from "./vm-shape.ts";

interface Labelled {
  labels?: Record<string, string>;
}

interface Strategies {
  unmanaged?: object;
  opportunistic?: object;
  proactive?: object;
}

/** Fields of the schemas, which have been checked. */
interface PoolSpec {
  selector: ObjectSelector;
  maxUnavailable?: number | string;
  updateStrategy?: Strategies;
  scaleInStrategy?: Strategies;
  virtualMachineTemplate?: { metadata?: Labelled; spec?: VmSpec };
}

interface ReplicaSetSpec {
  selector: ObjectSelector;
  template?: { metadata?: Labelled; spec?: VmiTemplateSpec };
}

const invalid = (message: string, field: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message,
  field,
});

const missingTemplate = (): StatusCause[] => [
  { reason: "FieldValueRequired", message: "missing virtual machine template.", field: "spec.template" },
];

export class MachineSetsRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    if (subresource !== "" || operation === "DELETE") return object;
    const of = `${kind.group}/${kind.resource}`;
    if (of === "pool.kubevirt.io/virtualmachinepools") {
      const before = old?.["spec"] as PoolSpec | undefined; // the schema's
      const causes = this.#poolCauses(object["spec"] as PoolSpec, before); // the schema's
      const refusal = refuseWithCauses("virtualmachinepool-validator.kubevirt.io", causes);
      if (refusal !== undefined) throw refusal;
    }
    if (of === "kubevirt.io/virtualmachineinstancereplicasets") {
      const causes = this.#replicaSetCauses(object["spec"] as ReplicaSetSpec); // the schema's
      const refusal = refuseWithCauses("virtualmachinereplicaset-validator.kubevirt.io", causes);
      if (refusal !== undefined) throw refusal;
    }
    return object;
  }

  #poolCauses(spec: PoolSpec, before: PoolSpec | undefined): StatusCause[] {
    const { virtualMachineTemplate: template } = spec;
    if (template === undefined) return missingTemplate();
    const path = "spec.virtualMachineTemplate.spec";
    const machine = template.spec ?? {};
    const { metadata, spec: instance } = machine.template ?? {};
    const causes = [
      ...checkVmSpec(machine, path),
      ...closedGates(this.#store, instance, `${path}.template.spec`),
      ...closedAnnotationGates(this.#store, metadata?.annotations, `${path}.template.metadata`),
      ...selectorCauses(spec.selector, template.metadata),
      ...unavailableCauses(spec.maxUnavailable),
      ...strategyCauses(spec.updateStrategy, "spec.updateStrategy"),
      ...strategyCauses(spec.scaleInStrategy, "spec.scaleInStrategy"),
    ];
    if (before !== undefined && !sameJson(spec.selector, before.selector))
      causes.push(invalid("selector is immutable after creation.", "spec.selector"));
    return causes;
  }

  #replicaSetCauses({ selector, template }: ReplicaSetSpec): StatusCause[] {
    if (template === undefined) return missingTemplate();
    const causes: StatusCause[] = [];
    checkVmiSpec(template.spec ?? {}, "spec.template.spec", (reason, field, message) => {
      causes.push({ reason, message, field });
    });
    causes.push(...closedGates(this.#store, template.spec, "spec.template.spec"));
    return [...causes, ...selectorCauses(selector, template.metadata)];
  }
}

function selectorCauses(selector: ObjectSelector, metadata: Labelled | undefined): StatusCause[] {
  const problem = selectorProblem(selector);
  if (problem !== undefined) return [invalid(problem, "spec.selector")];
  return selects(selector, metadata?.labels)
    ? []
    : [invalid("selector does not match labels.", "spec.selector")];
}

function unavailableCauses(most: number | string | undefined): StatusCause[] {
  const field = "spec.maxUnavailable";
  if (most === undefined) return [];
  if (typeof most === "number")
    return most > 0 ? [] : [invalid("maxUnavailable must be greater than 0", field)];
  if (!most.endsWith("%")) return [invalid("maxUnavailable percentage must end with %", field)];
  const text = most.slice(0, -1);
  if (!/^[-+]?\d+$/.test(text)) {
    const quoted = JSON.stringify(text);
    const words = `maxUnavailable percentage value ${quoted} is invalid: strconv.Atoi: parsing ${quoted}: invalid syntax`;
    return [invalid(words, field)];
  }
  const share = Number(text);
  return share > 0 && share <= 100
    ? []
    : [invalid(`maxUnavailable percentage value ${share} must be between 1 and 100`, field)];
}

function strategyCauses(strategies: Strategies | undefined, field: string): StatusCause[] {
  const found = Object.entries(strategies ?? {})
    .filter(([, strategy]) => strategy !== undefined)
    .map(([name]) => name);
  if (found.length < 2) return [];
  const words = `only one strategy can be configured at a time: but found ${found.join(", ")} strategies`;
  return [invalid(words, field)];
}
