/** KubeVirt's admission of VirtualMachines, VirtualMachineInstances and migrations, in its two phases. */
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import { sameJson } from "../../store/json-equality.ts";
import { type StatusCause, StatusError } from "../../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refusePlainly, refuseWithCauses } from "../webhook-refusal.ts";
import { closedAnnotationGates, closedGates } from "./gate-rules.ts";
import { instancetypeConflicts, preferenceShortfall } from "./instancetype-rules.ts";
import { withVmDefaults } from "./vm-defaults.ts";
import { checkVmiSpec, checkVmSpec } from "./vm-rules.ts";
import { withBareVmiDefaults } from "./vmi-defaults.ts";
import type { VmSpec } from "./vm-shape.ts";

const VM_WEBHOOK = "virtualmachine-validator.kubevirt.io";
const PROTECTION_LABEL = "kubevirt.io/vm-delete-protection";
const VMIS = { group: "kubevirt.io", resource: "virtualmachineinstances" };
const MIGRATIONS = { group: "kubevirt.io", resource: "virtualmachineinstancemigrations" };

/** The mutating webhooks of VirtualMachines and of instances. */
export class VmDefaults implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    const isVmi = kind.group === "kubevirt.io" && kind.resource === "virtualmachineinstances";
    if (isVmi && operation === "CREATE") return withBareVmiDefaults(object, this.#store.timestamp());
    if (kind.group !== "kubevirt.io" || kind.resource !== "virtualmachines" || subresource !== "")
      return object;
    // A VM on its way out only loses finalizers: no webhook may hold that up.
    if (operation === "DELETE" || old?.metadata.deletionTimestamp !== undefined) return object;
    return withVmDefaults(this.#store, object, request);
  }
}

/** The validating webhooks, which see what the schema has let through. */
export class VmAdmission implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.kind.group !== "kubevirt.io" || request.subresource !== "") return object;
    switch (request.kind.resource) {
      case "virtualmachines":
        if (request.operation === "DELETE") this.#refuseProtected(object);
        return request.operation === "DELETE" ? object : this.#admitVm(object, request);
      case "virtualmachineinstances":
        if (request.operation !== "DELETE") this.#checkVmi(object, request);
        return object;
      case "virtualmachineinstancemigrations":
        if (request.operation === "CREATE") return this.#admitMigration(object, request);
        if (request.operation === "UPDATE") refuseMigrationChange(object, request);
        return object;
      default:
        return object;
    }
  }

  #refuseProtected(vm: KubeObject): void {
    if (vm.metadata.labels?.[PROTECTION_LABEL] !== "True") return;
    const { name } = vm.metadata;
    const message = `VirtualMachine ${name} cannot be deleted, disable/remove label '${PROTECTION_LABEL}' from VirtualMachine before deleting it`;
    throw new StatusError(
      422,
      "Invalid",
      `virtualmachines.kubevirt.io "${name}" is forbidden: ValidatingAdmissionPolicy 'kubevirt-vm-deletion-protection' with binding 'kubevirt-vm-deletion-protection-binding' denied request: ${message}`,
      { name, group: "kubevirt.io", kind: "virtualmachines", causes: [{ message }] },
    );
  }

  #admitVm(vm: KubeObject, request: AdmissionRequest): KubeObject {
    const { old } = request;
    if (old?.metadata.deletionTimestamp !== undefined) return vm;
    const spec = vm["spec"] as VmSpec; // the schema has refused anything else
    const conflicts = instancetypeConflicts(this.#store, spec, request.namespace);
    const causes: StatusCause[] =
      conflicts.length > 0
        ? conflicts
        : [
            ...preferenceShortfall(this.#store, spec, request.namespace),
            ...checkVmSpec(spec),
            ...closedGates(this.#store, spec.template?.spec, "spec.template.spec"),
            ...closedAnnotationGates(
              this.#store,
              spec.template?.metadata?.annotations,
              "spec.template.metadata",
            ),
          ];
    const refusal = refuseWithCauses(VM_WEBHOOK, causes) ?? refuseWhileBusy(vm, old);
    if (refusal !== undefined) throw refusal;
    if (spec.running !== undefined && (old?.["spec"] as VmSpec | undefined)?.running === undefined) {
      request.warn("spec.running is deprecated, please use spec.runStrategy instead.");
    }
    return vm;
  }

  #checkVmi(object: KubeObject, request: AdmissionRequest): void {
    if (request.operation === "CREATE") {
      const causes: StatusCause[] = [];
      checkVmiSpec(object["spec"] ?? {}, "spec", (reason, field, message) => {
        causes.push({ reason, message, field });
      });
      causes.push(
        ...closedGates(this.#store, object["spec"], "spec"),
        ...closedAnnotationGates(this.#store, object.metadata.annotations, "metadata"),
      );
      const refusal = refuseWithCauses("virtualmachineinstances-create-validator.kubevirt.io", causes);
      if (refusal !== undefined) throw refusal;
      return;
    }
    if (sameJson(object["spec"], request.old?.["spec"])) return;
    const refusal = refuseWithCauses("virtualmachineinstances-update-validator.kubevirt.io", [
      { reason: "FieldValueNotSupported", message: "update of VMI object is restricted" },
    ]);
    if (refusal !== undefined) throw refusal;
  }

  #admitMigration(object: KubeObject, request: AdmissionRequest): KubeObject {
    const webhook = "migration-create-validator.kubevirt.io";
    const { vmiName = "" } = (object["spec"] ?? {}) as { vmiName?: string }; // any JSON object
    if (vmiName === "") {
      const refusal = refuseWithCauses(webhook, [
        { reason: "FieldValueRequired", message: "vmiName is missing", field: "spec.vmiName" },
      ]);
      if (refusal !== undefined) throw refusal;
    }
    const vmi = this.#store.get({ ...VMIS, namespace: request.namespace, name: vmiName });
    if (vmi === undefined) {
      throw refusePlainly(webhook, `the VMI "${request.namespace}/${vmiName}" does not exist`);
    }
    const status = (vmi["status"] ?? {}) as {
      phase?: string;
      conditions?: { type: string; status: string; reason?: string; message?: string }[];
    }; // written by controllers
    if (status.phase === "Succeeded" || status.phase === "Failed") {
      throw refusePlainly(webhook, "Cannot migrate VMI in finalized state.");
    }
    const blocked = status.conditions?.find(
      ({ type, status: value }) => type === "LiveMigratable" && value === "False",
    );
    if (blocked !== undefined) {
      throw refusePlainly(
        webhook,
        `Cannot migrate VMI, Reason: ${blocked.reason ?? ""}, Message: ${blocked.message ?? ""}`,
      );
    }
    const active = this.#store
      .snapshot(MIGRATIONS, request.namespace)
      .find((migration) => migrationOf(migration) === vmiName && !isDone(migration));
    if (active !== undefined) {
      throw refusePlainly(
        webhook,
        `in-flight migration detected. Active migration job (${active.metadata.uid}) is currently already in progress for VMI ${vmiName}.`,
      );
    }
    const { finalizers = [], labels } = object.metadata;
    return {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...labels, "kubevirt.io/vmi-name": vmiName },
        finalizers: [...new Set([...finalizers, "kubevirt.io/migrationJobFinalize"])],
      },
    };
  }
}

const migrationOf = (migration: KubeObject): string | undefined =>
  (migration["spec"] as { vmiName?: string } | undefined)?.vmiName; // admitted on create

const isDone = (migration: KubeObject): boolean =>
  ["Succeeded", "Failed"].includes((migration["status"] as { phase?: string } | undefined)?.phase ?? ""); // a migration's status

function refuseMigrationChange(object: KubeObject, request: AdmissionRequest): void {
  if (sameJson(object["spec"], request.old?.["spec"])) return;
  const refusal = refuseWithCauses("migration-update-validator.kubevirt.io", [
    { reason: "FieldValueNotSupported", message: "update of Migration object's spec is restricted" },
  ]);
  if (refusal !== undefined) throw refusal;
}

interface BusyStatus {
  snapshotInProgress?: string;
  restoreInProgress?: string;
}

/** While a snapshot or restore runs, the parts it works on stay as they are. */
function refuseWhileBusy(vm: KubeObject, old: KubeObject | undefined): StatusError | undefined {
  if (old === undefined) return undefined;
  const status = (old["status"] ?? {}) as BusyStatus; // written by controllers
  const before = (old["spec"] ?? {}) as VmSpec; // admitted on create
  const after = (vm["spec"] ?? {}) as VmSpec; // admitted above
  const strategyChanged = before.running !== after.running || before.runStrategy !== after.runStrategy;
  const causes: StatusCause[] = [];
  if (status.snapshotInProgress !== undefined) {
    const { snapshotInProgress: name } = status;
    const disks = (spec: VmSpec): unknown => [
      spec.template?.spec?.domain?.devices?.disks,
      spec.template?.spec?.volumes,
    ];
    if (!sameJson(disks(before), disks(after))) {
      causes.push({
        reason: "FieldValueNotSupported",
        message: `Cannot update vm disks or volumes until snapshot "${name}" completes`,
        field: "spec",
      });
    }
    if (strategyChanged) {
      causes.push({
        reason: "FieldValueNotSupported",
        message: `Cannot update vm running state until snapshot "${name}" completes`,
        field: "spec.running",
      });
    }
  }
  if (status.restoreInProgress !== undefined && strategyChanged && after.runStrategy !== "Halted") {
    causes.push({
      reason: "FieldValueNotSupported",
      message: `Cannot update VM runStrategy until restore "${status.restoreInProgress}" completes`,
      field: "spec",
    });
  }
  return refuseWithCauses(VM_WEBHOOK, causes);
}
