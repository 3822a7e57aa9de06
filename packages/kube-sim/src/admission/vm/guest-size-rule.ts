/** Warns of a machine that the guests' host could never start: the simulator's nodes claim more than the machine below has. */
import { type HostSize, refusalOfGuest } from "../../machines/guest-limits.ts";
import { guestMemoryBytes, vcpus } from "../../controllers/vmi-builder.ts";
import type { VirtualMachine } from "../../controllers/kubevirt-shapes.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";

export class GuestSizeRule implements AdmissionRule {
  readonly #host: HostSize | null;
  /** Null where guests are stand-ins, which take nothing. */
  constructor(host: HostSize | null) {
    this.#host = host;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource } = request;
    if (this.#host === null || subresource !== "") return object;
    if (kind.group !== "kubevirt.io" || kind.resource !== "virtualmachines") return object;
    if (operation === "DELETE") return object;
    const { spec } = (object as VirtualMachine).spec.template; // checked against its schema by the rules before
    // a size that an instance type gives is not in the object
    if ((object as VirtualMachine).spec.instancetype !== undefined) return object;
    const size = { cpuCores: vcpus(spec), memoryBytes: guestMemoryBytes(spec) };
    const refusal = refusalOfGuest(size, 0, this.#host);
    if (refusal !== null) request.warn(`It will not start: ${refusal}`);
    return object;
  }
}
