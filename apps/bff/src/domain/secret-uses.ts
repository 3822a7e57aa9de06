/** What names a secret: machines, imports, service accounts, pods and what makes pods, each read from its own object. Pure. */
import type { SecretUse } from "@kubev/api-types/secrets";
import type { RawSecret } from "./secret-facts.ts";
import { isLauncher } from "./cluster-labels.ts";
import { namedByVm, type RawImportSource, type RelatedVm, secretsOfSource } from "./vm-relations.ts";

interface Meta {
  metadata?: { name?: string; labels?: Record<string, string> };
}
type SecretKeyRef = { secretKeyRef?: { name?: string } };

export interface RawAccount extends Meta {
  secrets?: { name?: string }[];
  imagePullSecrets?: { name?: string }[];
}
export interface RawImport extends Meta {
  spec?: { source?: RawImportSource };
}
export interface RawImportCron extends Meta {
  spec?: { template?: RawImport };
}
interface RawContainer {
  env?: { valueFrom?: SecretKeyRef }[];
  envFrom?: { secretRef?: { name?: string } }[];
}
interface RawVolume {
  secret?: { secretName?: string };
  projected?: { sources?: { secret?: { name?: string } }[] };
  csi?: { nodePublishSecretRef?: { name?: string } };
  azureFile?: { secretName?: string };
  /** The older kinds of volumes agree on one field. */
  cephfs?: VolumeSecret;
  rbd?: VolumeSecret;
  iscsi?: VolumeSecret;
  flexVolume?: VolumeSecret;
  scaleIO?: VolumeSecret;
  storageos?: VolumeSecret;
}
interface VolumeSecret {
  secretRef?: { name?: string };
}
interface RawPodSpec {
  volumes?: RawVolume[];
  imagePullSecrets?: { name?: string }[];
  containers?: RawContainer[];
  initContainers?: RawContainer[];
  ephemeralContainers?: RawContainer[];
}
export interface RawSecretPod extends Meta {
  spec?: RawPodSpec;
}
/** Its template names secrets also while it runs nothing. */
export interface RawPodMaker extends Meta {
  spec?: { template?: { spec?: RawPodSpec } };
}
export interface RawCronJob extends Meta {
  spec?: { jobTemplate?: RawPodMaker };
}

/** One thing and a secret that it names. */
export interface NamedSecret {
  secret: string;
  use: SecretUse;
}

function naming(
  kind: SecretUse["kind"],
  { metadata }: Meta,
  secrets: readonly (string | undefined)[],
): NamedSecret[] {
  const use = { kind, name: metadata?.name ?? "" };
  const names = new Set(secrets.filter((name) => name !== undefined && name !== ""));
  return [...names].map((secret) => ({ secret: secret ?? "", use }));
}

/** What a secret says itself: the machine that it goes with, the account whose token it is. */
export function usesByItself({ metadata }: RawSecret): SecretUse[] {
  const account = metadata?.annotations?.["kubernetes.io/service-account.name"];
  return [
    ...(metadata?.ownerReferences ?? []).flatMap(({ kind, name = "" }) =>
      kind === "VirtualMachine" ? [{ kind: "virtual-machine" as const, name }] : [],
    ),
    ...(account === undefined ? [] : [{ kind: "service-account" as const, name: account }]),
  ];
}

export const namedByMachine = (vm: RelatedVm, project: string): NamedSecret[] =>
  naming("virtual-machine", vm, namedByVm(vm, project).secrets);

export const namedByAccount = (account: RawAccount): NamedSecret[] =>
  naming(
    "service-account",
    account,
    [...(account.secrets ?? []), ...(account.imagePullSecrets ?? [])].map(({ name }) => name),
  );

export const namedByImport = (disk: RawImport): NamedSecret[] =>
  naming("disk", disk, secretsOfSource(disk.spec?.source));

export const namedByImportCron = (cron: RawImportCron): NamedSecret[] =>
  naming("data-import-cron", cron, secretsOfSource(cron.spec?.template?.spec?.source));

/** Every place of a pod's spec that names one. */
function secretsOfPod(spec: RawPodSpec | undefined): (string | undefined)[] {
  const containers = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...(spec?.ephemeralContainers ?? []),
  ];
  return [
    ...(spec?.volumes ?? []).flatMap(({ secret, projected, csi, azureFile, ...older }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map((source) => source.secret?.name),
      csi?.nodePublishSecretRef?.name,
      azureFile?.secretName,
      ...[older.cephfs, older.rbd, older.iscsi, older.flexVolume, older.scaleIO, older.storageos].map(
        (volume) => volume?.secretRef?.name,
      ),
    ]),
    ...(spec?.imagePullSecrets ?? []).map(({ name }) => name),
    ...containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map(({ secretRef }) => secretRef?.name),
    ]),
  ];
}

/** A machine's own pod names what its machine names, so it says nothing new. */
export const namedByPod = (pod: RawSecretPod): NamedSecret[] =>
  isLauncher(pod.metadata?.labels) ? [] : naming("pod", pod, secretsOfPod(pod.spec));

export const namedByMaker =
  (kind: "deployment" | "stateful-set" | "daemon-set" | "job") =>
  (maker: RawPodMaker): NamedSecret[] =>
    naming(kind, maker, secretsOfPod(maker.spec?.template?.spec));

export const namedByCronJob = (cron: RawCronJob): NamedSecret[] =>
  naming("cron-job", cron, secretsOfPod(cron.spec?.jobTemplate?.spec?.template?.spec));
