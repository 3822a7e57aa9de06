/** CDI's webhook for DataVolumes. Source: CDI's pkg/apiserver/webhooks/datavolume-validate.go. */
import { sameJson } from "../store/json-equality.ts";
import type { Authorizer } from "../rbac/authorizer.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import type { StatusCause } from "../store/status-error.ts";
import { dataSourceTarget } from "../controllers/data-source-chain.ts";
import { TypedStore } from "../controllers/typed-store.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { copyRefusal } from "./copy-right.ts";
import { type DataVolumeSpec, dataVolumeCauses } from "./data-volume-spec.ts";
import { refusePlainly, refuseWithCauses } from "./webhook-refusal.ts";

const WEBHOOK = "datavolume-validate.cdi.kubevirt.io";
const CLAIMS = { group: "", resource: "persistentvolumeclaims" };

export class DataVolumeRule implements AdmissionRule {
  readonly #store: KubeStore;
  readonly #authorizer: Authorizer;
  constructor(store: KubeStore, authorizer: Authorizer) {
    this.#store = store;
    this.#authorizer = authorizer;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind } = request;
    if (kind.group !== "cdi.kubevirt.io" || kind.resource !== "datavolumes" || request.subresource !== "")
      return object;
    const spec = (object["spec"] ?? {}) as DataVolumeSpec; // the schema has been checked
    if (request.operation === "UPDATE") {
      if (sameJson(object["spec"], request.old?.["spec"])) return object;
      throw causesToError([
        { reason: "FieldValueDuplicate", message: "Cannot update DataVolume Spec", field: "DataVolume" },
      ]);
    }
    if (request.operation !== "CREATE") return object;
    const causes = dataVolumeCauses(spec);
    const { name } = object.metadata;
    if (
      causes.length === 0 &&
      this.#store.get({ ...CLAIMS, namespace: request.namespace, name }) !== undefined
    ) {
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Destination PVC ${request.namespace}/${name} already exists`,
        field: "DataVolume.Name",
      });
    }
    if (causes.length > 0) throw causesToError(causes);
    this.#checkClone(spec, request);
    return object;
  }

  #sourceOf(
    { source, sourceRef }: DataVolumeSpec,
    own: string,
  ): { kind: "claim" | "snapshot"; namespace: string } | undefined {
    const { pvc, snapshot } = source ?? {};
    if (pvc) return { kind: "claim", namespace: pvc.namespace ?? own };
    if (snapshot) return { kind: "snapshot", namespace: snapshot.namespace ?? own };
    if (sourceRef === undefined) return undefined;
    const namespace = sourceRef.namespace ?? own;
    const store = new TypedStore(this.#store, "cdi-apiserver");
    return dataSourceTarget(store, namespace, sourceRef.name ?? "") ?? { kind: "claim", namespace };
  }

  #checkClone(spec: DataVolumeSpec, request: AdmissionRequest): void {
    const from = this.#sourceOf(spec, request.namespace);
    if (from === undefined || from.namespace === request.namespace) return;
    const words = copyRefusal(this.#authorizer, request.user, from.namespace, from.kind);
    if (words !== undefined) throw refusePlainly("datavolume-mutate.cdi.kubevirt.io", words);
  }
}

function causesToError(causes: StatusCause[]): Error {
  return refuseWithCauses(WEBHOOK, causes) ?? new Error("a refusal needs a cause");
}
