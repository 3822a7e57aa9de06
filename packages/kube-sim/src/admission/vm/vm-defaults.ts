/** What virt-api's mutating webhook refuses and fills in. Source: KubeVirt's vms-mutator. */
import { randomUUID } from "node:crypto";
import { isRecord } from "../../api/json-patch.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import type { AdmissionRequest } from "../admission.ts";
import { refusePlainly, refuseWithCauses } from "../webhook-refusal.ts";
import { withInferredTypes } from "./infer-types.ts";
import { at, findMatched } from "./instancetype-rules.ts";
import type { VmSpec } from "./vm-shape.ts";

const WEBHOOK = "virtualmachines-mutator.kubevirt.io";
const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const GO_PATH = "VirtualMachineInstanceTemplateSpec.spec.template.spec.domain.cpu";

/** Fields that do not fit virt-api's types make it refuse before it validates. */
function checkTypes(spec: VmSpec): void {
  const domain = spec.template?.spec?.domain;
  const cpu = domain?.cpu ?? {};
  for (const field of ["cores", "sockets", "threads", "maxSockets"] as const) {
    const value: unknown = cpu[field];
    if (value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= 0)) continue;
    const shown = typeof value === "number" ? `number ${value}` : typeof value;
    throw refusePlainly(
      WEBHOOK,
      `json: cannot unmarshal ${shown} into Go struct field ${GO_PATH}.${field} of type uint32`,
    );
  }
  const quantities: unknown[] = [
    domain?.memory?.guest,
    domain?.memory?.maxGuest,
    ...Object.values(domain?.resources?.requests ?? {}),
    ...Object.values(domain?.resources?.limits ?? {}),
  ];
  for (const quantity of quantities) {
    if (quantity === undefined || quantity === null) continue;
    if ((typeof quantity === "string" || typeof quantity === "number") && QUANTITY.test(String(quantity)))
      continue;
    throw refusePlainly(
      WEBHOOK,
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
}

/** What is no object cannot be read into virt-api's structs. */
function requireObject(value: unknown, field: string): void {
  if (value === undefined || value === null || (typeof value === "object" && !Array.isArray(value))) return;
  const shown = Array.isArray(value) ? "array" : typeof value;
  throw refusePlainly(
    WEBHOOK,
    `json: cannot unmarshal ${shown} into Go struct field VirtualMachine.${field}`,
  );
}

function checkMatchers(spec: VmSpec): void {
  for (const [field, matcher, title] of [
    ["spec.instancetype", spec.instancetype, "InstancetypeMatcher"],
    ["spec.preference", spec.preference, "PreferenceMatcher"],
  ] as const) {
    if (matcher === undefined || matcher.name || matcher.inferFromVolume) continue;
    const refusal = refuseWithCauses(WEBHOOK, [
      {
        reason: "FieldValueNotFound",
        message: `Either Name or InferFromVolume should be provided within the ${title}`,
        field,
      },
    ]);
    if (refusal !== undefined) throw refusal;
  }
}

/** Disks of templates that name no storage class get the preferred one. */
function withPreferredClass(spec: VmSpec, storageClassName: unknown): VmSpec {
  const { dataVolumeTemplates } = spec;
  if (typeof storageClassName !== "string" || !Array.isArray(dataVolumeTemplates)) return spec;
  const filled = dataVolumeTemplates.map((template: unknown) => {
    const part = ["pvc", "storage"].find((name) => isRecord(at(template, ["spec", name])));
    if (part === undefined || !isRecord(template) || !isRecord(template["spec"])) return template;
    const storage = at(template, ["spec", part]);
    if (!isRecord(storage) || storage["storageClassName"] !== undefined) return template;
    return { ...template, spec: { ...template["spec"], [part]: { ...storage, storageClassName } } };
  });
  return { ...spec, dataVolumeTemplates: filled as NonNullable<VmSpec["dataVolumeTemplates"]> }; // the same with a field more
}

export function withVmDefaults(store: KubeStore, vm: KubeObject, request: AdmissionRequest): KubeObject {
  const spec = vm["spec"] as VmSpec | undefined; // checked step by step below
  if (typeof spec !== "object" || typeof spec.template !== "object") {
    const refusal = refuseWithCauses(WEBHOOK, [{ message: "spec.template in body is required" }]);
    throw refusal ?? new Error("unreachable: one cause always refuses");
  }
  requireObject(spec.template, "spec.template");
  requireObject(spec.template.spec, "spec.template.spec");
  requireObject(spec.template.spec?.domain, "spec.template.spec.domain");
  checkTypes(spec);
  checkMatchers(spec);
  const typed = withInferredTypes(store, spec, request.namespace);
  if (request.operation !== "CREATE") return typed === spec ? vm : { ...vm, spec: typed };
  const template = spec.template;
  const templateSpec = template.spec ?? {};
  const domain = templateSpec.domain ?? {};
  const preference = findMatched(store, typed.preference, "preference", request.namespace);
  const preferred = at(preference?.["spec"], ["machine", "preferredMachineType"]);
  const machineType = domain.machine?.type || (typeof preferred === "string" ? preferred : "q35");
  const architecture = templateSpec.architecture || "amd64";
  return {
    ...vm,
    spec: {
      ...withPreferredClass(typed, at(preference?.["spec"], ["volumes", "preferredStorageClassName"])),
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          ...(architecture === "amd64"
            ? { annotations: { "kubevirt.io/pci-topology-version": "v3", ...template.metadata?.annotations } }
            : {}),
        },
        spec: {
          ...templateSpec,
          architecture,
          // virt-api writes the spec back from its structs, in which a missing name is an empty one.
          ...(templateSpec.networks === undefined
            ? {}
            : {
                networks: templateSpec.networks.map((network) =>
                  network.multus === undefined
                    ? network
                    : { ...network, multus: { networkName: "", ...network.multus } },
                ),
              }),
          domain: {
            ...domain,
            firmware: { uuid: randomUUID(), serial: randomUUID(), ...domain.firmware },
            machine: { ...domain.machine, type: machineType },
            resources: domain.resources ?? {},
          },
        },
      },
    },
  };
}
