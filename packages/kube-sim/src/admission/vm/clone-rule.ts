/**
 * Whether a machine's disks may be copied from where their templates say. KubeVirt asks for the machine's service account, not for
 * the person. Source: KubeVirt's pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go, authorizeVirtualMachineSpec.
 */
import { serviceAccountUser } from "../../auth/service-account-tokens.ts";
import type { Authorizer } from "../../rbac/authorizer.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import type { StatusCause } from "../../store/status-error.ts";
import { sameJson } from "../../store/json-equality.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { copyRefusal } from "../copy-right.ts";
import { refuseWithCauses } from "../webhook-refusal.ts";
import type { VmSpec } from "./vm-shape.ts";

const DATA_VOLUMES = { group: "cdi.kubevirt.io", resource: "datavolumes" };
const DATA_SOURCES = { group: "cdi.kubevirt.io", resource: "datasources" };

interface Named {
  namespace?: string;
  name?: string;
}

interface CopySpec {
  source?: { pvc?: Named; snapshot?: Named };
  sourceRef?: Named;
}

export class VmCloneRule implements AdmissionRule {
  readonly #store: KubeStore;
  readonly #authorizer: Authorizer;
  constructor(store: KubeStore, authorizer: Authorizer) {
    this.#store = store;
    this.#authorizer = authorizer;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old, namespace } = request;
    if (kind.group !== "kubevirt.io" || kind.resource !== "virtualmachines" || subresource !== "")
      return object;
    if (operation === "DELETE" || old?.metadata.deletionTimestamp !== undefined) return object;
    const { dataVolumeTemplates = [], template } = object["spec"] as VmSpec; // the schema has been checked
    const before = (old?.["spec"] as VmSpec | undefined)?.dataVolumeTemplates; // stored after the same check
    if (operation === "UPDATE" && sameJson(dataVolumeTemplates, before ?? [])) return object;
    const account = (template?.spec?.volumes ?? []).reduce(
      (name, { serviceAccount }) => serviceAccount?.serviceAccountName ?? name,
      "default",
    );
    const user = serviceAccountUser({ namespace, name: account, uid: "" });
    const causes: StatusCause[] = [];
    for (const [index, { metadata, spec }] of dataVolumeTemplates.entries()) {
      if (this.#store.get({ ...DATA_VOLUMES, namespace, name: metadata?.name ?? "" }) !== undefined) continue;
      const from = this.#sourceOf(spec, namespace);
      if (from === undefined || from === namespace) continue;
      const words = copyRefusal(this.#authorizer, user, from);
      if (words !== undefined)
        causes.push({
          reason: "FieldValueInvalid",
          message: `Authorization failed, message is: ${words}`,
          field: `spec.dataVolumeTemplates[${index}]`,
        });
    }
    const refusal = refuseWithCauses("virtualmachine-validator.kubevirt.io", causes);
    if (refusal !== undefined) throw refusal;
    return object;
  }

  /** The namespace of the claim or snapshot that is copied; undefined where nothing is, or the DataSource is not there. */
  #sourceOf(spec: CopySpec | undefined, own: string): string | undefined {
    const direct = spec?.source?.pvc ?? spec?.source?.snapshot;
    if (direct !== undefined) return direct.namespace ?? own;
    const { sourceRef } = spec ?? {};
    if (sourceRef === undefined) return undefined;
    const namespace = sourceRef.namespace ?? own;
    const source = this.#store.get({ ...DATA_SOURCES, namespace, name: sourceRef.name ?? "" });
    if (source === undefined) return undefined;
    const copied = (source["spec"] as CopySpec).source; // the schema has been checked
    return (copied?.pvc ?? copied?.snapshot)?.namespace ?? namespace;
  }
}
