/** KubeVirt's webhooks of snapshots, restores and clones. Source: pkg/storage/admitters of KubeVirt; words as recorded. */
import { randomBytes } from "node:crypto";
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import { sameJson } from "../../store/json-equality.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refuseWithCauses } from "../webhook-refusal.ts";

const snapshotWebhook = "virtualmachinesnapshot-validator.snapshot.kubevirt.io";
const restoreWebhook = "virtualmachinerestore-validator.snapshot.kubevirt.io";
const cloneWebhook = "vm-clone-validator.kubevirt.io";
const RESTORES = { group: "snapshot.kubevirt.io", resource: "virtualmachinerestores" };

interface Target {
  apiGroup?: string;
  kind?: string;
  name?: string;
}

interface CloneSpec {
  source?: Target;
  target?: Target;
}

const refuse = (webhook: string, message: string, field: string): void => {
  const refusal = refuseWithCauses(webhook, [{ reason: "FieldValueInvalid", message, field }]);
  if (refusal !== undefined) throw refusal;
};

export class CopyObjectsRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource } = request;
    if (subresource !== "" || operation === "DELETE") return object;
    switch (`${kind.group}/${kind.resource}`) {
      case "snapshot.kubevirt.io/virtualmachinesnapshots":
        this.#keepSpec(snapshotWebhook, object, request, "spec in immutable after creation");
        return object;
      case "snapshot.kubevirt.io/virtualmachinerestores":
        if (operation === "CREATE") this.#refuseSecondRestore(object, request.namespace);
        else this.#keepSpec(restoreWebhook, object, request, "spec in immutable after creation");
        return object;
      case "clone.kubevirt.io/virtualmachineclones":
        return operation === "CREATE" ? this.#admitClone(object) : object;
      default:
        return object;
    }
  }

  #keepSpec(webhook: string, object: KubeObject, { operation, old }: AdmissionRequest, words: string): void {
    if (operation === "UPDATE" && !sameJson(object["spec"], old?.["spec"])) refuse(webhook, words, "spec");
  }

  /** One restore of a target at a time. */
  #refuseSecondRestore(object: KubeObject, namespace: string): void {
    const targetOf = (restore: KubeObject): Target =>
      (restore["spec"] as { target?: Target } | undefined)?.target ?? {}; // the schema's
    const isDone = (restore: KubeObject): boolean =>
      (restore["status"] as { complete?: boolean } | undefined)?.complete === true; // a restore's
    const target = targetOf(object);
    const other = this.#store
      .snapshot(RESTORES, namespace)
      .find((restore) => !isDone(restore) && sameJson(targetOf(restore), target));
    if (other !== undefined)
      refuse(restoreWebhook, `VirtualMachineRestore "${other.metadata.name}" in progress`, "spec.target");
  }

  /** A target that is not named gets a name here. Source: the mutating webhook of clones. */
  #admitClone(object: KubeObject): KubeObject {
    const spec = (object["spec"] ?? {}) as CloneSpec; // the schema's
    const { source = {}, target } = spec;
    if (source.kind === "VirtualMachine" && target?.kind === source.kind && target.name === source.name)
      refuse(
        cloneWebhook,
        "Target name cannot be equal to source name when both are VirtualMachines",
        "spec.target.name",
      );
    if (target?.name) return object;
    const alphabet = "bcdfghjklmnpqrstvwxz2456789";
    const suffix = Array.from(randomBytes(5), (byte) => alphabet[byte % alphabet.length]).join("");
    const name = `clone-${source.name ?? ""}-${suffix}`;
    return {
      ...object,
      spec: { ...spec, target: { apiGroup: "kubevirt.io", kind: "VirtualMachine", ...target, name } },
    };
  }
}
