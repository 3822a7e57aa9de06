/**
 * The manifests of an export, for another cluster to import by. Source: vmHandler and secretHandler of KubeVirt's
 * pkg/storage/export/virt-exportserver.
 */
import { stringify } from "yaml";
import type { ExportedVolume } from "../controllers/exporter-pod.ts";

type Json = Record<string, unknown>;

interface HttpSource {
  source?: { http?: { url?: string; certConfigMap?: string; secretExtraHeaders?: string[] } };
}

interface Definition extends Json {
  spec: {
    dataVolumeTemplates?: { spec: HttpSource }[];
    template: {
      spec: {
        volumes?: { dataVolume?: { name: string }; persistentVolumeClaim?: { claimName: string } }[];
      };
    };
  };
}

const headerSecretName = (exportName: string): string => `header-secret-${exportName}`;

/**
 * The CA, the machine and its disks, by the ConfigMap that the controller made; null where it tells of no such side, undefined
 * where it tells of no machine.
 */
export function machineManifests(
  data: Readonly<Record<string, string>>,
  side: "internal" | "external",
  volumes: readonly ExportedVolume[],
): Json[] | null | undefined {
  const host = data[`${side}_host`];
  if (host === undefined) return null;
  const authority = data[`${side}_ca_cm`];
  const definition = data["virtualmachine-manifest"];
  if (authority === undefined || definition === undefined) return undefined;
  const configMap = { apiVersion: "v1", kind: "ConfigMap", ...(JSON.parse(authority) as Json) }; // written by the controller
  const certConfigMap = (configMap as { metadata?: { name?: string } }).metadata?.name ?? "";
  const secretExtraHeaders = [headerSecretName(data["export-name"] ?? "")];
  const imported = (spec: HttpSource, gzip: string | undefined): HttpSource => ({
    ...spec,
    source: {
      http: { url: gzip === undefined ? "" : `https://${host}${gzip}`, certConfigMap, secretExtraHeaders },
    },
  });
  const vm = JSON.parse(definition) as Definition; // written by the controller
  const templates = vm.spec.dataVolumeTemplates?.map((template, index) => ({
    ...template,
    spec: imported(template.spec, volumes[index]?.gzip),
  }));
  const dataVolumes = (vm.spec.template.spec.volumes ?? []).flatMap((volume): Json[] => {
    const name = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName ?? "";
    const text = data[`dv-${name}`];
    if (text === undefined) return [];
    const dataVolume = JSON.parse(text) as Json & { spec: HttpSource }; // written by the controller
    const gzip = volumes.findLast((each) => each.gzip?.includes(name))?.gzip;
    return [
      {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataVolume",
        ...dataVolume,
        spec: imported(dataVolume.spec, gzip),
      },
    ];
  });
  return [
    configMap,
    { ...vm, spec: { ...vm.spec, ...(templates && { dataVolumeTemplates: templates }) } },
    ...dataVolumes,
  ];
}

/** The header that CDI sends to be let in. */
export const headerSecret = (exportName: string, token: string): Json => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: headerSecretName(exportName) },
  stringData: { token: `x-kubevirt-export-token:${token}` },
});

/** JSON, unless YAML and nothing else is asked for. */
export function manifestText(resources: Json[], accept: string | undefined): string {
  if (accept === "application/yaml")
    return resources.map((each) => `${stringify(each, { sortMapEntries: true })}---\n`).join("");
  return JSON.stringify({ kind: "List", apiVersion: "v1", metadata: {}, items: resources }, null, 4);
}
