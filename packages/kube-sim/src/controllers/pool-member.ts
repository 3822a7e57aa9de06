/** What a pool makes of its template for the machine with a number. Source: indexVMSpec in watch/pool/pool.go. */
import type { VirtualMachine, Volume } from "./kubevirt-shapes.ts";
import type { VmPoolSpec } from "./pool-shapes.ts";

export const poolFinalizer = "pool.kubevirt.io/finalizer";
export const poolRevisionLabel = "kubevirt.io/vm-pool-revision-name";

interface NamedSources extends Volume {
  configMap?: { name?: string };
  secret?: { secretName?: string };
}

/** Disks of templates have the machine's number in their name, and so have config maps and secrets where the pool asks for it. */
export function numberedSpec(pool: VmPoolSpec, index: number, revision: string): VirtualMachine["spec"] {
  const { spec } = pool.virtualMachineTemplate;
  const { appendIndexToConfigMapRefs = false, appendIndexToSecretRefs = false } = pool.nameGeneration ?? {};
  const numbered = (name: string) => `${name}-${index}`;
  const own = new Set((spec.dataVolumeTemplates ?? []).map(({ metadata }) => metadata.name));
  const renamed = (volume: NamedSources): NamedSources => {
    const { persistentVolumeClaim: claim, dataVolume, configMap, secret } = volume;
    if (claim !== undefined && own.has(claim.claimName))
      return { ...volume, persistentVolumeClaim: { ...claim, claimName: numbered(claim.claimName) } };
    if (dataVolume !== undefined && own.has(dataVolume.name))
      return { ...volume, dataVolume: { ...dataVolume, name: numbered(dataVolume.name) } };
    if (configMap !== undefined && appendIndexToConfigMapRefs)
      return { ...volume, configMap: { ...configMap, name: numbered(configMap.name ?? "") } };
    if (secret !== undefined && appendIndexToSecretRefs)
      return { ...volume, secret: { ...secret, secretName: numbered(secret.secretName ?? "") } };
    if (!appendIndexToSecretRefs) return volume;
    const sources: NamedSources = { ...volume };
    for (const field of ["cloudInitNoCloud", "cloudInitConfigDrive"] as const) {
      const source = volume[field];
      if (source?.secretRef === undefined) continue;
      sources[field] = { ...source, secretRef: { name: numbered(source.secretRef.name) } };
    }
    return sources;
  };
  const { template } = spec;
  return {
    ...spec,
    ...(spec.dataVolumeTemplates && {
      dataVolumeTemplates: spec.dataVolumeTemplates.map((one) => ({
        ...one,
        metadata: { ...one.metadata, name: numbered(one.metadata.name) },
      })),
    }),
    template: {
      ...template,
      metadata: {
        ...template.metadata,
        labels: { ...template.metadata?.labels, [poolRevisionLabel]: revision },
      },
      spec: {
        ...template.spec,
        ...(template.spec.volumes && { volumes: template.spec.volumes.map(renamed) }),
      },
    },
  };
}
