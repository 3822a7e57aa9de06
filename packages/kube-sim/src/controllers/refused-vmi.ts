/** What the webhook of VMIs and the API server refuse of an instance that the webhook of VMs let through: such a VM cannot start. Source: vmi-create-admitter.go, and the recorded traces. */
import type { VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";

const webhook =
  'admission webhook "virtualmachineinstances-create-validator.kubevirt.io" denied the request:';
const architectures = ["amd64", "arm64", "s390x"];
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

function badLabel(vm: VirtualMachine): string | undefined {
  const bad = Object.values(vm.spec.template.metadata?.labels ?? {}).find(
    (value) => !labelValue.test(value) || value.length > 63,
  );
  if (bad === undefined) return undefined;
  return `VirtualMachineInstance.kubevirt.io "${vm.metadata.name}" is invalid: metadata.labels: Invalid value: "${bad}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
}

/** What virt-controller's own create is answered; undefined when the instance is taken. `spec` has types and preferences in it. */
export function refusedVmi(vm: VirtualMachine, spec: VmiSpec): string | undefined {
  const { memory, resources } = spec.domain;
  if (
    memory?.guest === undefined &&
    memory?.hugepages?.pageSize === undefined &&
    resources?.requests?.["memory"] === undefined
  )
    return `${webhook} no memory requested, at least one of 'spec.domain.memory.guest', 'spec.domain.memory.hugepages.pageSize' or 'spec.domain.resources.requests.memory' must be set`;
  const { architecture = "amd64" } = spec;
  if (!architectures.includes(architecture)) return `${webhook} unsupported architecture: ${architecture}`;
  return badLabel(vm);
}
