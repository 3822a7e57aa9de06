/** expand-spec: a VirtualMachine with its instance type and preference written out. */
import { instancetypeConflicts } from "../admission/vm/instancetype-rules.ts";
import type { VmSpec } from "../admission/vm/vm-shape.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { badRequest, internalError, StatusError } from "../store/status-error.ts";
import type { Action } from "./action.ts";
import { findVm } from "./virt-objects.ts";

interface Matcher {
  name?: string;
  kind?: string;
}

type Json = Record<string, unknown>;

const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}; // any JSON object

const GROUP = "instancetype.kubevirt.io";

function find(
  store: KubeStore,
  matcher: Matcher,
  cluster: string,
  namespaced: string,
  namespace: string,
): KubeObject {
  const isCluster = (matcher.kind ?? cluster).toLowerCase() === cluster.toLowerCase();
  const resource = `${(isCluster ? cluster : namespaced).toLowerCase()}s`;
  const name = matcher.name ?? "";
  const found = store.get({ group: GROUP, resource, name, ...(isCluster ? {} : { namespace }) });
  if (found === undefined) throw new StatusError(404, "NotFound", `${resource}.${GROUP} "${name}" not found`);
  return found;
}

/** The VM as it would run; throws a 404 StatusError when the type or preference is missing. */
export function expandVm(store: KubeStore, vm: KubeObject, namespace: string): KubeObject {
  const spec = record(vm["spec"]);
  const template = record(spec["template"]);
  const templateSpec = record(template["spec"]);
  let domain = record(templateSpec["domain"]);
  if (spec["instancetype"] !== undefined) {
    const matcher = record(spec["instancetype"]) as Matcher; // admitted on write
    const type = find(
      store,
      matcher,
      "VirtualMachineClusterInstancetype",
      "VirtualMachineInstancetype",
      namespace,
    );
    const typeSpec = record(type["spec"]);
    const cpu = record(typeSpec["cpu"]);
    const memory = record(typeSpec["memory"]);
    domain = {
      ...domain,
      cpu: { ...record(domain["cpu"]), sockets: cpu["guest"], cores: 1, threads: 1 },
      memory: { ...record(domain["memory"]), guest: memory["guest"] },
    };
  }
  if (spec["preference"] !== undefined) {
    const matcher = record(spec["preference"]) as Matcher; // admitted on write
    const preference = find(
      store,
      matcher,
      "VirtualMachineClusterPreference",
      "VirtualMachinePreference",
      namespace,
    );
    const machine = record(record(preference["spec"])["machine"])["preferredMachineType"];
    if (machine !== undefined && domain["machine"] === undefined)
      domain = { ...domain, machine: { type: machine } };
  }
  const { instancetype: _type, preference: _preference, ...rest } = spec;
  return { ...vm, spec: { ...rest, template: { ...template, spec: { ...templateSpec, domain } } } };
}

export const expandSpec: Action = (context, call) => {
  const vm = findVm(context.store, call.namespace, call.name);
  try {
    return { code: 200, kind: "json", body: expandVm(context.store, vm, call.namespace) };
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
    return expandVm(store, body as KubeObject, namespace); // a VirtualMachine by the checks above
  } catch (error) {
    throw error instanceof StatusError ? badRequest(error.message) : error;
  }
}
