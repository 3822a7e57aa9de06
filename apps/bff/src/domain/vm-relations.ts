/** What a machine's definition names, and which of a project's services and snapshots name the machine. Pure. */
import { clusterLabels } from "./cluster-labels.ts";

interface RawCloudInit {
  secretRef?: { name?: string };
  networkDataSecretRef?: { name?: string };
}

/** Where a disk's content comes from: http, registry, s3, gcs, imageio, vddk and whatever CDI adds in their shape. */
export type RawImportSource = Record<
  string,
  { secretRef?: string; secretExtraHeaders?: string[] } | undefined
>;

export const secretsOfSource = (source: RawImportSource | undefined): (string | undefined)[] =>
  Object.values(source ?? {}).flatMap((one) => [one?.secretRef, ...(one?.secretExtraHeaders ?? [])]);

interface RawRelatedVm {
  metadata?: { name?: string };
  spec?: {
    instancetype?: { name?: string; kind?: string };
    preference?: { name?: string; kind?: string };
    dataVolumeTemplates?: {
      metadata?: { name?: string };
      spec?: { sourceRef?: { kind?: string; name?: string; namespace?: string }; source?: RawImportSource };
    }[];
    template?: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec?: {
        volumes?: {
          dataVolume?: { name?: string };
          persistentVolumeClaim?: { claimName?: string };
          cloudInitNoCloud?: RawCloudInit;
          cloudInitConfigDrive?: RawCloudInit;
          sysprep?: { secret?: { name?: string } };
          containerDisk?: { imagePullSecret?: string };
          secret?: { secretName?: string };
        }[];
        domain?: { firmware?: { kernelBoot?: { container?: { imagePullSecret?: string } } } };
        networks?: { multus?: { networkName?: string } }[];
        accessCredentials?: Record<string, { source?: { secret?: { secretName?: string } } }>[];
      };
    };
  };
}
export type RelatedVm = RawRelatedVm;

interface Named {
  name: string;
  project: string;
}

export interface NamedByVm {
  /** `clusterWide`: the kind that lies in no project. */
  instanceType: { name: string; clusterWide: boolean } | null;
  preference: { name: string; clusterWide: boolean } | null;
  /** With the image that the machine's own template fills it from. */
  disks: { name: string; image: Named | null }[];
  secrets: string[];
  attachments: Named[];
}

const present = (name: string | undefined): name is string => name !== undefined && name !== "";
const unique = (names: (string | undefined)[]) => [...new Set(names.filter(present))];

const matcher = (raw: { name?: string; kind?: string } | undefined, namespacedKind: string) =>
  present(raw?.name)
    ? { name: raw.name, clusterWide: raw.kind?.toLowerCase() !== namespacedKind.toLowerCase() }
    : null;

export function namedByVm(vm: RawRelatedVm, project: string): NamedByVm {
  const { spec } = vm;
  const template = spec?.template?.spec;
  const volumes = template?.volumes ?? [];
  const imageOf = (disk: string): Named | null => {
    const source = spec?.dataVolumeTemplates?.find(({ metadata }) => metadata?.name === disk)?.spec
      ?.sourceRef;
    return source?.kind === "DataSource" && present(source.name)
      ? { name: source.name, project: source.namespace ?? project }
      : null;
  };
  return {
    instanceType: matcher(spec?.instancetype, "VirtualMachineInstancetype"),
    preference: matcher(spec?.preference, "VirtualMachinePreference"),
    disks: unique(
      volumes.map(
        ({ dataVolume, persistentVolumeClaim }) => dataVolume?.name ?? persistentVolumeClaim?.claimName,
      ),
    ).map((name) => ({ name, image: imageOf(name) })),
    secrets: unique([
      ...volumes.flatMap(({ cloudInitNoCloud, cloudInitConfigDrive, sysprep, containerDisk, secret }) => [
        ...[cloudInitNoCloud, cloudInitConfigDrive].flatMap((init) => [
          init?.secretRef?.name,
          init?.networkDataSecretRef?.name,
        ]),
        sysprep?.secret?.name,
        containerDisk?.imagePullSecret,
        secret?.secretName,
      ]),
      template?.domain?.firmware?.kernelBoot?.container?.imagePullSecret,
      ...(spec?.dataVolumeTemplates ?? []).flatMap((disk) => secretsOfSource(disk.spec?.source)),
      ...(template?.accessCredentials ?? []).flatMap((one) =>
        Object.values(one).map(({ source }) => source?.secret?.secretName),
      ),
    ]),
    attachments: unique((template?.networks ?? []).map(({ multus }) => multus?.networkName)).map((name) => {
      const slash = name.indexOf("/");
      return slash === -1
        ? { name, project }
        : { name: name.slice(slash + 1), project: name.slice(0, slash) };
    }),
  };
}

/** Whether a Service's selector finds the machine's launcher pod, whose labels KubeVirt makes of the template's. */
export function selectsVm(selector: Readonly<Record<string, string>> | undefined, vm: RawRelatedVm): boolean {
  const name = vm.metadata?.name ?? "";
  const labels: Record<string, string> = {
    ...vm.spec?.template?.metadata?.labels,
    "kubevirt.io": "virt-launcher",
    [clusterLabels.machine]: name,
    "vmi.kubevirt.io/id": name,
  };
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
