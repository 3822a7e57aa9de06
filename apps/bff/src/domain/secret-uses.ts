/** What names a secret: machines, disks being imported, service accounts and pods, each read from its own object. Pure. */
import type { SecretUse } from "@kubev/api-types/secrets";
import type { RawSecret } from "./secret-facts.ts";
import { isLauncher } from "./cluster-labels.ts";
import { namedByVm, type RelatedVm } from "./vm-relations.ts";

interface Meta {
  metadata?: { name?: string; labels?: Record<string, string> };
}
type SecretKeyRef = { secretKeyRef?: { name?: string } };

export interface RawAccount extends Meta {
  secrets?: { name?: string }[];
  imagePullSecrets?: { name?: string }[];
}
export interface RawImport extends Meta {
  spec?: { source?: Record<string, { secretRef?: string } | undefined> };
}
interface RawContainer {
  env?: { valueFrom?: SecretKeyRef }[];
  envFrom?: { secretRef?: { name?: string } }[];
}
export interface RawSecretPod extends Meta {
  spec?: {
    volumes?: {
      secret?: { secretName?: string };
      projected?: { sources?: { secret?: { name?: string } }[] };
    }[];
    imagePullSecrets?: { name?: string }[];
    containers?: RawContainer[];
    initContainers?: RawContainer[];
  };
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
  naming(
    "disk",
    disk,
    Object.values(disk.spec?.source ?? {}).map((source) => source?.secretRef),
  );

/** A machine's own pod names what its machine names, so it says nothing new. */
export function namedByPod(pod: RawSecretPod): NamedSecret[] {
  if (isLauncher(pod.metadata?.labels)) return [];
  const { spec } = pod;
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return naming("pod", pod, [
    ...(spec?.volumes ?? []).flatMap(({ secret, projected }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map((source) => source.secret?.name),
    ]),
    ...(spec?.imagePullSecrets ?? []).map(({ name }) => name),
    ...containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map(({ secretRef }) => secretRef?.name),
    ]),
  ]);
}
