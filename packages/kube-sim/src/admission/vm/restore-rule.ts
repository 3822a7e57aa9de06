/** KubeVirt's webhook of restores. Source: pkg/storage/admitters/vmrestore.go; order and words its own. */
import { sameJson } from "../../store/json-equality.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import { notFound, type StatusCause } from "../../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refusePlainly, refuseWithCauses } from "../webhook-refusal.ts";
import { at } from "./instancetype-rules.ts";

const WEBHOOK = "virtualmachinerestore-validator.snapshot.kubevirt.io";
const RESTORES = { group: "snapshot.kubevirt.io", resource: "virtualmachinerestores" };
const SNAPSHOTS = { group: "snapshot.kubevirt.io", resource: "virtualmachinesnapshots" };
const CONTENTS = { group: "snapshot.kubevirt.io", resource: "virtualmachinesnapshotcontents" };
const MACHINES = { group: "kubevirt.io", resource: "virtualmachines" };

/** Fields of the schema, which has been checked. */
interface RestoreSpec {
  target?: { apiGroup?: string; kind?: string; name?: string };
  virtualMachineSnapshotName?: string;
  patches?: string[];
  volumeRestoreOverrides?: {
    volumeName?: string;
    restoreName?: string;
    annotations?: object;
    labels?: object;
  }[];
  volumeRestorePolicy?: string;
  volumeOwnershipPolicy?: string;
}

const specOf = (restore: KubeObject): RestoreSpec => restore["spec"] as RestoreSpec; // the schema's
const invalid = (message: string, field: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message,
  field,
});

export class RestoreRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old, namespace } = request;
    if (kind.group !== RESTORES.group || kind.resource !== RESTORES.resource) return object;
    if (subresource !== "" || operation === "DELETE") return object;
    let causes: StatusCause[] = [];
    if (operation === "CREATE")
      causes = [...this.#targetCauses(specOf(object), namespace), ...this.#inProgress(object, namespace)];
    else if (!sameJson(object["spec"], old?.["spec"]))
      causes = [invalid("spec in immutable after creation", "spec")];
    const refusal = refuseWithCauses(WEBHOOK, causes);
    if (refusal !== undefined) throw refusal;
    return object;
  }

  #targetCauses(spec: RestoreSpec, namespace: string): StatusCause[] {
    const { apiGroup, kind } = spec.target ?? {};
    if (apiGroup === undefined)
      return [{ reason: "FieldValueNotFound", message: "missing apiGroup", field: "spec.target.apiGroup" }];
    if (apiGroup !== MACHINES.group) return [invalid("invalid apiGroup", "spec.target.apiGroup")];
    if (kind !== "VirtualMachine") return [invalid("invalid kind", "spec.target.kind")];
    return [...this.#machineCauses(spec, namespace), ...overrideCauses(spec), ...policyCauses(spec)];
  }

  /** Patches go unchecked where the snapshot is not there (yet): upstream's own order. The controller trusts none of them. */
  #machineCauses(spec: RestoreSpec, namespace: string): StatusCause[] {
    const causes = patchCauses(spec.patches ?? []);
    const snapshot = this.#store.get({
      ...SNAPSHOTS,
      namespace,
      name: spec.virtualMachineSnapshotName ?? "",
    });
    if (snapshot === undefined) return [];
    const target = this.#store.get({ ...MACHINES, namespace, name: spec.target?.name ?? "" });
    const source = at(snapshot, ["status", "sourceUID"]);
    if (target !== undefined && (source === undefined || target.metadata.uid === source)) return causes;
    const name = at(snapshot, ["status", "virtualMachineSnapshotContentName"]);
    if (typeof name !== "string")
      throw refusePlainly(WEBHOOK, "snapshot content name is nil in vmSnapshot status");
    const content = this.#store.get({ ...CONTENTS, namespace, name });
    if (content === undefined) throw refusePlainly(WEBHOOK, notFound(CONTENTS, name).message);
    const machine = at(content, ["spec", "source", "virtualMachine"]);
    if (machine === undefined) throw refusePlainly(WEBHOOK, "unexpected snapshot source");
    const domain = at(machine, ["spec", "template", "spec", "domain"]);
    const keepsState =
      at(domain, ["devices", "tpm", "persistent"]) === true ||
      at(domain, ["firmware", "bootloader", "efi", "persistent"]) === true;
    const words =
      "Restore to a different VM is not supported when snapshotted VM has backend storage (persistent TPM or EFI)";
    return keepsState ? [...causes, invalid(words, "spec")] : causes;
  }

  /** One restore of a target at a time. */
  #inProgress(object: KubeObject, namespace: string): StatusCause[] {
    const { target } = specOf(object);
    return this.#store
      .snapshot(RESTORES, namespace)
      .filter(
        (one) => at(one, ["status", "complete"]) !== true && sameJson(specOf(one).target ?? {}, target ?? {}),
      )
      .map((one) => invalid(`VirtualMachineRestore "${one.metadata.name}" in progress`, "spec.target"));
  }
}

/** Go's strings.Trim; a regular expression would take quadratic time over many braces. */
function withoutBraces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && "{}".includes(text.charAt(start))) start += 1;
  while (end > start && "{}".includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Upstream reads patches as text, by commas and colons: values that hold either are refused too. */
function patchCauses(patches: readonly string[]): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const part of patches.flatMap((patch) => withoutBraces(patch).split(","))) {
    const [key = "", value, ...more] = part.split(":").map((side) => side.trim());
    if (value === undefined || more.length > 0) {
      const words = `patch format is not valid - one ":" expected in a single key-value json patch: ${part}`;
      causes.push(invalid(words, "spec.patches"));
    } else if (key === '"path"' && !/^"\/(?:metadata\/labels|metadata\/annotations|spec)\//.test(value)) {
      const words = `patching is valid only for elements under /spec/ only: ${part}`;
      causes.push(invalid(words, "spec.patches"));
    }
  }
  return causes;
}

function overrideCauses({ volumeRestoreOverrides = [] }: RestoreSpec): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const [index, override] of volumeRestoreOverrides.entries()) {
    const field = `spec.volumeRestoreOverrides[${index}]`;
    const need = (message: string, where: string) =>
      causes.push({ reason: "FieldValueRequired", message, field: where });
    if (!override.volumeName) need("must provide a volume name", `${field}.volumeName`);
    if (!override.restoreName && override.annotations === undefined && override.labels === undefined)
      need("must provide at least one overriden field", field);
  }
  return causes;
}

function policyCauses({ volumeRestorePolicy, volumeOwnershipPolicy }: RestoreSpec): StatusCause[] {
  const known = (policy: string | undefined, policies: readonly string[], what: string, field: string) =>
    policy === undefined || policies.includes(policy)
      ? []
      : [invalid(`volume ${what} policy "${policy}" doesn't exist`, field)];
  return [
    ...known(
      volumeRestorePolicy,
      ["InPlace", "RandomizeNames", "PrefixTargetName"],
      "restore",
      "spec.volumeRestorePolicy",
    ),
    ...known(volumeOwnershipPolicy, ["Vm", "None"], "ownership", "spec.volumeOwnershipPolicy"),
  ];
}
