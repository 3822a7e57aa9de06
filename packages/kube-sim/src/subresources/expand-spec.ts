/** expand-spec: a VirtualMachine with its instance type and preference written out. */
import { instancetypeConflicts } from "../admission/vm/instancetype-rules.ts";
import { withPullPolicy } from "../admission/vm/vmi-defaults.ts";
import { expandInstancetype } from "../controllers/instancetype.ts";
import type { VirtualMachine, VmiSpec } from "../controllers/kubevirt-shapes.ts";
import { MissingType } from "../controllers/type-revisions.ts";
import { TypedStore } from "../controllers/typed-store.ts";
import type { VmSpec } from "../admission/vm/vm-shape.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { badRequest, internalError, StatusError } from "../store/status-error.ts";
import type { Action } from "./action.ts";
import { findVm } from "./virt-objects.ts";

type Json = Record<string, unknown>;

const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}; // any JSON object

/** What virt-api writes into a spec that it expands, beside the types themselves. */
function withDefaults(spec: VmiSpec): VmiSpec {
  return {
    ...spec,
    architecture: spec.architecture ?? "amd64",
    evictionStrategy: spec.evictionStrategy ?? "None",
    domain: { ...spec.domain, machine: { ...spec.domain.machine, type: spec.domain.machine?.type ?? "q35" } },
    ...(spec.volumes && { volumes: spec.volumes.map(withPullPolicy) }),
  };
}

/** The VM as it would run; throws a 404 StatusError when the type or preference is missing. */
function expandVm(store: KubeStore, given: KubeObject): KubeObject {
  const vm = given as VirtualMachine; // admitted on write, or checked by who calls
  if (vm.spec.instancetype === undefined && vm.spec.preference === undefined) return vm;
  const { instancetype: _type, preference: _preference, ...spec } = vm.spec;
  const { instancetypeRef: _typeRef, preferenceRef: _preferenceRef, ...status } = vm.status ?? {};
  try {
    const expanded = expandInstancetype(new TypedStore(store, "virt-api"), vm);
    const metadata = { ...spec.template.metadata, annotations: expanded.annotations };
    return {
      ...vm,
      spec: { ...spec, template: { ...spec.template, metadata, spec: withDefaults(expanded.spec) } },
      status,
    };
  } catch (error) {
    throw error instanceof MissingType ? new StatusError(404, "NotFound", error.message) : error;
  }
}

export const expandSpec: Action = (context, call) => {
  const vm = findVm(context.store, call.namespace, call.name);
  try {
    return { code: 200, kind: "json", body: expandVm(context.store, vm) };
  } catch (error) {
    throw error instanceof StatusError ? internalError(error.message) : error;
  }
};

/** For a VM that need not be stored; every fault is a 400. */
export function expandGivenVm(store: KubeStore, body: Json, namespace: string): KubeObject {
  const metadata = record(body["metadata"]);
  if (body["kind"] !== "VirtualMachine" || record(body["spec"])["template"] === undefined) {
    throw badRequest("Object is not a valid VirtualMachine");
  }
  const given = metadata["namespace"];
  if (given !== undefined && given !== "" && given !== namespace) {
    throw badRequest(`VM namespace must be empty or ${namespace}`);
  }
  const conflicts = instancetypeConflicts(store, body["spec"] as VmSpec, namespace); // has a template, checked above
  if (conflicts.length > 0) {
    const fields = conflicts.map(({ field }) => field ?? "").join(", ");
    throw badRequest(`VM field(s) ${fields} conflicts with selected instance type`);
  }
  try {
    const vm = body as KubeObject; // a VirtualMachine by the checks above
    return expandVm(store, { ...vm, metadata: { ...vm.metadata, namespace } });
  } catch (error) {
    throw error instanceof StatusError ? badRequest(error.message) : error;
  }
}
