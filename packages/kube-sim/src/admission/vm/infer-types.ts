/** Instance types and preferences that a disk brings along: labels of its claim, DataVolume, source or snapshot. Source: KubeVirt pkg/instancetype/infer. */
import { isRecord } from "../../api/json-patch.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import { refusePlainly } from "../webhook-refusal.ts";
import { at } from "./instancetype-rules.ts";
import type { VmSpec } from "./vm-shape.ts";

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;

const webhook = "virtualmachines-mutator.kubevirt.io";

/** May be ignored where the policy says so. */
class NothingInferred extends Error {}

interface Default {
  name: string;
  kind?: string;
}

class TypeReader {
  readonly #store: KubeStore;
  readonly #label: string;

  constructor(store: KubeStore, what: "instancetype" | "preference") {
    this.#store = store;
    this.#label = `instancetype.kubevirt.io/default-${what}`;
  }

  #labelled(labels: Record<string, string> | undefined): Default | undefined {
    const name = labels?.[this.#label];
    const kind = labels?.[`${this.#label}-kind`];
    return name === undefined ? undefined : { name, ...(kind && { kind }) };
  }

  #ofObject(group: string, resource: string, namespace: string, name: string): Default {
    const found = this.#store.get({ group, resource, namespace, name });
    if (found === undefined) {
      const of = group === "" ? resource : `${resource}.${group}`;
      throw refusePlainly(webhook, `${of} "${name}" not found`);
    }
    const inferred = this.#labelled(found.metadata.labels);
    if (inferred === undefined)
      throw new NothingInferred(`unable to find required ${this.#label} label on the volume`);
    return inferred;
  }

  ofClaim(namespace: string, name: string): Default {
    return this.#ofObject("", "persistentvolumeclaims", namespace, name);
  }

  /** Of `{ pvc, snapshot }`, the sources that DataVolumes and DataSources share. */
  #ofSource(source: unknown, namespace: string): Default | undefined {
    const named = (kind: string) => {
      const found = at(source, [kind]);
      return isRecord(found)
        ? { name: textOf(found["name"], ""), namespace: textOf(found["namespace"], namespace) }
        : undefined;
    };
    const claim = named("pvc");
    if (claim) return this.ofClaim(claim.namespace, claim.name);
    const snapshot = named("snapshot");
    return (
      snapshot &&
      this.#ofObject("snapshot.storage.k8s.io", "volumesnapshots", snapshot.namespace, snapshot.name)
    );
  }

  #ofDataSource(namespace: string, name: string): Default {
    const key = { group: "cdi.kubevirt.io", resource: "datasources", namespace, name };
    const found = this.#store.get(key);
    if (found === undefined) throw refusePlainly(webhook, `datasources.cdi.kubevirt.io "${name}" not found`);
    const inferred =
      this.#labelled(found.metadata.labels) ?? this.#ofSource(at(found["spec"], ["source"]), namespace);
    if (inferred === undefined)
      throw new NothingInferred(
        "unable to infer defaults from DataSource that doesn't provide DataVolumeSourcePVC or DataVolumeSourceSnapshot",
      );
    return inferred;
  }

  #ofDataVolumeSpec(spec: unknown, namespace: string): Default {
    const inferred = this.#ofSource(at(spec, ["source"]), namespace);
    if (inferred) return inferred;
    const ref = at(spec, ["sourceRef"]);
    if (!isRecord(ref))
      throw new NothingInferred(
        "unable to infer defaults from DataVolumeSpec as DataVolumeSource is not supported",
      );
    if (ref["kind"] !== "DataSource")
      throw new NothingInferred(
        `unable to infer defaults from DataVolumeSourceRef as Kind ${textOf(ref["kind"], "")} is not supported`,
      );
    return this.#ofDataSource(textOf(ref["namespace"], namespace), textOf(ref["name"], ""));
  }

  ofDataVolume(spec: VmSpec, namespace: string, name: string): Default {
    const template = spec.dataVolumeTemplates?.find((one) => at(one, ["metadata", "name"]) === name);
    if (template) return this.#ofDataVolumeSpec(at(template, ["spec"]), namespace);
    const found = this.#store.get({ group: "cdi.kubevirt.io", resource: "datavolumes", namespace, name });
    // CDI may have removed it once its claim was filled.
    if (found === undefined) return this.ofClaim(namespace, name);
    return this.#labelled(found.metadata.labels) ?? this.#ofDataVolumeSpec(found["spec"], namespace);
  }
}

function inferred(
  store: KubeStore,
  spec: VmSpec,
  what: "instancetype" | "preference",
  volumeName: string,
  namespace: string,
): Default {
  const volume = spec.template?.spec?.volumes?.find(({ name }) => name === volumeName);
  if (volume === undefined)
    throw refusePlainly(webhook, `unable to find volume ${volumeName} to infer defaults`);
  const reader = new TypeReader(store, what);
  const claim = volume.persistentVolumeClaim?.claimName;
  if (claim !== undefined) return reader.ofClaim(namespace, claim);
  const dataVolume = volume.dataVolume?.name;
  if (dataVolume !== undefined) return reader.ofDataVolume(spec, namespace, dataVolume);
  throw new NothingInferred(`unable to infer defaults from volume ${volumeName} as type is not supported`);
}

/** The spec with the types that its volumes name; throws the webhook's refusal. */
export function withInferredTypes(store: KubeStore, spec: VmSpec, namespace: string): VmSpec {
  let result = spec;
  for (const what of ["instancetype", "preference"] as const) {
    const { [what]: matcher, ...rest } = result;
    const from = matcher?.inferFromVolume;
    if (matcher === undefined || !from) continue;
    try {
      result = { ...result, [what]: inferred(store, spec, what, from, namespace) };
    } catch (error) {
      if (!(error instanceof NothingInferred)) throw error;
      if (matcher.inferFromVolumeFailurePolicy !== "Ignore") throw refusePlainly(webhook, error.message);
      result = rest;
    }
  }
  return result;
}
