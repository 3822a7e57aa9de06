/**
 * Finds the instance type and the preference of a machine, and keeps them as they were when the machine first had them:
 * a ControllerRevision each, named in the machine's status. Source: KubeVirt pkg/instancetype/revision and find.
 */
import type { KubeObject } from "../store/kube-object.ts";
import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  controllerRevisionKind,
  instancetypeKind,
  type Kind,
  preferenceKind,
  vmKind,
} from "./kinds.ts";
import type { Matcher, TypeRef, VirtualMachine } from "./kubevirt-shapes.ts";
import type { TypedStore } from "./typed-store.ts";
import { controllerOf } from "./workload-pods.ts";

interface TypeKinds {
  cluster: Kind<KubeObject>;
  namespaced: Kind<KubeObject>;
  title: string;
  reason: MissingType["reason"];
}

const types = {
  instancetype: {
    cluster: clusterInstancetypeKind,
    namespaced: instancetypeKind,
    title: "InstancetypeMatcher",
    reason: "FailedFindInstancetype",
  },
  preference: {
    cluster: clusterPreferenceKind,
    namespaced: preferenceKind,
    title: "PreferenceMatcher",
    reason: "FailedFindPreference",
  },
} as const satisfies Record<string, TypeKinds>;

export type TypeField = keyof typeof types;

export class MissingType extends Error {
  readonly reason: "FailedFindInstancetype" | "FailedFindPreference";
  constructor(reason: MissingType["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

const refFields = { instancetype: "instancetypeRef", preference: "preferenceRef" } as const;

/** The type as it is now, cluster-wide or of the project; a kind left out is the cluster-wide one. Throws `MissingType`. */
function findLive(
  store: TypedStore,
  matcher: Matcher,
  namespace: string | undefined,
  { cluster, namespaced, title, reason }: TypeKinds,
): KubeObject {
  const kind = (matcher.kind ?? "").toLowerCase();
  const isOf = (one: Kind<KubeObject>) =>
    kind === one.kind.toLowerCase() || kind === `${one.kind.toLowerCase()}s`;
  if (kind !== "" && !isOf(cluster) && !isOf(namespaced))
    throw new MissingType(reason, `got unexpected kind in ${title}: ${matcher.kind ?? ""}`);
  const found = isOf(namespaced)
    ? store.get(namespaced, namespace, matcher.name)
    : store.get(cluster, undefined, matcher.name);
  if (found !== undefined) return found;
  const { resource, group } = isOf(namespaced) ? namespaced : cluster;
  throw new MissingType(reason, `${resource}.${group} "${matcher.name}" not found`);
}

/** The revision that the machine's matcher or status names, where it is of the same type. */
function revisionNameOf(vm: VirtualMachine, field: TypeField): string | undefined {
  const matcher = vm.spec[field];
  if (matcher === undefined) return undefined;
  if (matcher.revisionName) return matcher.revisionName;
  const ref = vm.status?.[refFields[field]];
  return ref !== undefined && ref.name === matcher.name && (ref.kind ?? "") === (matcher.kind ?? "")
    ? ref.controllerRevisionRef?.name
    : undefined;
}

/** The spec of the type that a machine names: as it was captured, else as it is. Throws `MissingType`. */
export function typeSpecOf(store: TypedStore, vm: VirtualMachine, field: TypeField): object | undefined {
  const matcher = vm.spec[field];
  if (matcher === undefined) return undefined;
  const revision = store.get(controllerRevisionKind, vm.metadata.namespace, revisionNameOf(vm, field) ?? "");
  const object = (revision?.["data"] ?? findLive(store, matcher, vm.metadata.namespace, types[field])) as {
    spec?: object;
  }; // a type, as captured below
  return object.spec ?? {};
}

function capture(store: TypedStore, vm: VirtualMachine, field: TypeField): TypeRef | undefined {
  const matcher = vm.spec[field];
  if (matcher === undefined) return undefined;
  const { namespace } = vm.metadata;
  const ref: TypeRef = {
    name: matcher.name,
    ...(matcher.kind && { kind: matcher.kind }),
  };
  const known = revisionNameOf(vm, field);
  if (known !== undefined) {
    if (store.get(controllerRevisionKind, namespace, known))
      return { ...ref, controllerRevisionRef: { name: known } };
    if (matcher.revisionName) {
      const { reason } = types[field];
      throw new MissingType(reason, `controllerrevisions.apps "${known}" not found`);
    }
  }
  const live = findLive(store, matcher, namespace, types[field]);
  const { uid, generation = 1, managedFields: _own, ...metadata } = live.metadata;
  const version = live.apiVersion.split("/")[1] ?? "";
  const name = `${vm.metadata.name}-${matcher.name}-${version}-${uid}-${generation}`;
  if (!store.get(controllerRevisionKind, namespace, name))
    store.create(controllerRevisionKind, {
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        labels: {
          "instancetype.kubevirt.io/object-generation": String(generation),
          "instancetype.kubevirt.io/object-kind": live.kind,
          "instancetype.kubevirt.io/object-name": matcher.name,
          "instancetype.kubevirt.io/object-uid": uid,
          "instancetype.kubevirt.io/object-version": version,
        },
        ownerReferences: [controllerOf(vm)],
      },
      data: { ...live, metadata: { ...metadata, uid, generation } },
      revision: 0,
    });
  return { ...ref, controllerRevisionRef: { name } };
}

/** Keeps both in revisions and says so in the machine's status. Throws `MissingType`. */
export function captureTypes(store: TypedStore, vm: VirtualMachine): void {
  const refs = {
    instancetypeRef: capture(store, vm, "instancetype"),
    preferenceRef: capture(store, vm, "preference"),
  };
  store.modifyObject(vmKind, vm, (current) => {
    const { instancetypeRef: _type, preferenceRef: _preference, ...status } = current.status ?? {};
    return {
      ...current,
      status: {
        ...status,
        ...(refs.instancetypeRef && { instancetypeRef: refs.instancetypeRef }),
        ...(refs.preferenceRef && { preferenceRef: refs.preferenceRef }),
      },
    };
  });
}

/** The machine's spec as its start is recorded: with the revisions that it starts with. */
export function withRevisionNames(vm: VirtualMachine): VirtualMachine["spec"] {
  const named = (field: TypeField) => {
    const matcher = vm.spec[field];
    const revisionName = revisionNameOf(vm, field);
    return matcher && { [field]: { ...matcher, ...(revisionName && { revisionName }) } };
  };
  return { ...vm.spec, ...named("instancetype"), ...named("preference") };
}
