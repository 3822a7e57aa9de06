/**
 * What an export tells of its machine, kept in a ConfigMap from the moment that its pod is made: the machine with its types written
 * out, its templates turned to imports, and a DataVolume for each disk that has no template. Source: createManifestConfigMap,
 * generateVMDefinitionFromVm, generateDataVolumesFromVm.
 */
import type { ExportDoor } from "./export-links.ts";
import { exportServiceName, externalPath, manifestConfigMapName } from "./export-names.ts";
import type { VmExport } from "./export-shapes.ts";
import { exportOwner } from "./exporter-pod.ts";
import { expandInstancetype } from "./instancetype.ts";
import { claimKind, configMapKind } from "./kinds.ts";
import type { VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";
import type { NewObject } from "../store/kube-object.ts";
import type { TypedStore } from "./typed-store.ts";

const claimNames = (spec: VmiSpec): string[] =>
  (spec.volumes ?? []).flatMap(
    ({ dataVolume, persistentVolumeClaim }) => dataVolume?.name ?? persistentVolumeClaim?.claimName ?? [],
  );

/** As it would run, without what another cluster would not take. */
function definitionOf(store: TypedStore, vm: VirtualMachine): object {
  const { instancetype: _type, preference: _preference, ...spec } = vm.spec;
  const expanded = expandInstancetype(store, vm);
  const { name, namespace, labels, annotations } = vm.metadata;
  const disks = claimNames(expanded.spec);
  const templates = spec.dataVolumeTemplates?.map((template) => {
    if (!disks.includes(template.metadata.name)) return template;
    const { source: _source, sourceRef: _sourceRef, ...rest } = template.spec;
    return { ...template, spec: { ...rest, source: { http: { url: "" } } } };
  });
  return {
    apiVersion: vm.apiVersion,
    kind: vm.kind,
    metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: {
      ...spec,
      ...(templates && { dataVolumeTemplates: templates }),
      template: {
        ...spec.template,
        metadata: { ...spec.template.metadata, annotations: expanded.annotations },
        spec: expanded.spec,
      },
    },
    status: {},
  };
}

/** The DataVolumes of disks that the machine only names, as text by ConfigMap key. */
function dataVolumesOf(store: TypedStore, vm: VirtualMachine): Record<string, string> {
  const { namespace } = vm.metadata;
  const templated = new Set(vm.spec.dataVolumeTemplates?.map(({ metadata }) => metadata.name));
  const found: Record<string, string> = {};
  for (const name of claimNames(vm.spec.template.spec)) {
    const claim = templated.has(name) ? undefined : store.get(claimKind, namespace, name);
    if (claim === undefined) continue;
    const { accessModes, volumeMode, resources } = claim.spec;
    found[`dv-${name}`] = JSON.stringify({
      metadata: { name, namespace },
      spec: {
        source: { http: { url: "" } },
        storage: { accessModes, ...(resources && { resources }), ...(volumeMode && { volumeMode }) },
      },
      status: {},
    });
  }
  return found;
}

export function manifestConfigMap(
  store: TypedStore,
  vmExport: VmExport,
  vm: VirtualMachine,
  door: ExportDoor,
): NewObject {
  const { name, namespace = "" } = vmExport.metadata;
  const authority = JSON.stringify({
    metadata: { name: `export-ca-cm-${name}` },
    data: { "ca.pem": door.caPem.trim() },
  });
  return {
    apiVersion: configMapKind.apiVersion,
    kind: configMapKind.kind,
    metadata: {
      name: manifestConfigMapName(name),
      namespace,
      ownerReferences: [exportOwner(vmExport)],
    },
    data: {
      "export-name": name,
      internal_host: `${exportServiceName(name)}.${namespace}.svc`,
      internal_ca_cm: authority,
      ...(door.host !== "" && {
        external_host: `${door.host}${externalPath(namespace, name)}`,
        external_ca_cm: authority,
      }),
      "virtualmachine-manifest": JSON.stringify(definitionOf(store, vm)),
      ...dataVolumesOf(store, vm),
    },
  };
}
