/**
 * The pod in which KubeVirt's export server runs. What may be fetched is said by its environment, which the links and the door of
 * exports read; the server itself is this process. Source: RenderExporterManifest, createExporterPodManifest, paths.go.
 */
import type { NewObject } from "../store/kube-object.ts";
import type { Pod } from "./core-shapes.ts";
import {
  exporterPodName,
  exportLabelValue,
  exportVolumeName,
  manifestConfigMapName,
} from "./export-names.ts";
import type { VmExport } from "./export-shapes.ts";
import { podKind, vmExportKind } from "./kinds.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";

export const exportServiceLabel = "kubevirt.io.virt-export-service";
export const deadlineVariable = "DEADLINE";

export interface ExportedClaim {
  claim: PersistentVolumeClaim;
  /** Whether it holds a disk; else it is a folder of files. */
  isDisk: boolean;
}

/** What of a claim is served, each by its path. */
export interface ExportedVolume {
  claimName: string;
  /** `/volumes/CLAIM/disk.img` and its like; absent is not served. */
  raw?: string;
  gzip?: string;
  archive?: string;
  dir?: string;
}

export interface ExportPaths {
  manifest?: string;
  secret?: string;
  volumes: ExportedVolume[];
}

export const exportOwner = ({ metadata }: VmExport) => ({
  apiVersion: vmExportKind.apiVersion,
  kind: vmExportKind.kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

const isBlock = (claim: PersistentVolumeClaim) => claim.spec.volumeMode === "Block";

export function exporterPod(
  vmExport: VmExport,
  exported: ExportedClaim[],
  facts: { tokenSecret: string; deadline: string; hasManifest: boolean; configMap: boolean },
): NewObject {
  const { name, namespace, labels = {}, annotations } = vmExport.metadata;
  const volumes = exported.map(({ claim, isDisk }, index) => {
    const volumeName = exportVolumeName(claim.metadata.name);
    const path = `${isBlock(claim) ? "/dev/export-volumes" : "/export-volumes"}/${volumeName}`;
    const base = `/volumes/${claim.metadata.name}`;
    const uris = isDisk
      ? { RAW: `${base}/disk.img`, RAW_GZIP: `${base}/disk.img.gz` }
      : { ARCHIVE: `${base}/disk.tar.gz`, DIR: `${base}/dir/` };
    return {
      volume: { name: volumeName, persistentVolumeClaim: { claimName: claim.metadata.name } },
      mount: { name: volumeName, readOnly: true, mountPath: path },
      device: { name: volumeName, devicePath: path },
      isBlock: isBlock(claim),
      env: [
        { name: `VOLUME${index}_EXPORT_PATH`, value: path },
        ...Object.entries(uris).map(([kind, value]) => ({
          name: `VOLUME${index}_EXPORT_${kind}_URI`,
          value,
        })),
      ],
    };
  });
  return {
    apiVersion: podKind.apiVersion,
    kind: podKind.kind,
    metadata: {
      name: exporterPodName(name),
      ...(namespace !== undefined && { namespace }),
      labels: { [exportServiceLabel]: exportLabelValue(name), ...labels },
      ...(annotations && { annotations }),
      ownerReferences: [exportOwner(vmExport)],
    },
    spec: {
      restartPolicy: "Never",
      securityContext: {
        runAsNonRoot: true,
        fsGroup: 107,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "exporter",
          image: "quay.io/kubevirt/virt-exportserver:v1.9.0",
          imagePullPolicy: "IfNotPresent",
          env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "TOKEN_FILE", value: "/token/token" },
            { name: deadlineVariable, value: facts.deadline },
            { name: "EXPORT_SECRET_DEF_URI", value: "/manifests/secret" },
            ...(facts.hasManifest ? [{ name: "EXPORT_VM_DEF_URI", value: "/manifests/all" }] : []),
            ...volumes.flatMap(({ env }) => env),
          ],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: {
            requests: { cpu: "100m", memory: "200Mi" },
            limits: { cpu: "1", memory: "1024Mi" },
          },
          volumeMounts: [
            { name: "token", mountPath: "/token" },
            ...volumes.filter((one) => !one.isBlock).map(({ mount }) => mount),
            ...(facts.configMap ? [{ name: "manifest-data", mountPath: "/manifest_data" }] : []),
          ],
          volumeDevices: volumes.filter((one) => one.isBlock).map(({ device }) => device),
        },
      ],
      volumes: [
        { name: "token", secret: { secretName: facts.tokenSecret } },
        ...volumes.map(({ volume }) => volume),
        ...(facts.configMap
          ? [{ name: "manifest-data", configMap: { name: manifestConfigMapName(name) } }]
          : []),
      ],
    },
    status: { phase: "Pending" },
  };
}

/** What the pod serves, by its environment. */
export function exportPaths(pod: Pod): ExportPaths {
  const env = new Map(pod.spec.containers[0]?.env?.map(({ name, value }) => [name, value]));
  const manifest = env.get("EXPORT_VM_DEF_URI");
  const secret = env.get("EXPORT_SECRET_DEF_URI");
  const volumes = [...env].flatMap(([key, path]): ExportedVolume[] => {
    const prefix = /^(.*)_EXPORT_PATH$/.exec(key)?.[1];
    if (prefix === undefined) return [];
    const mounted = path?.slice(path.lastIndexOf("/") + 1);
    const volume = pod.spec.volumes?.find(({ name }) => name === mounted);
    const claimName = volume?.persistentVolumeClaim?.claimName;
    if (claimName === undefined) return [];
    const raw = env.get(`${prefix}_EXPORT_RAW_URI`);
    const gzip = env.get(`${prefix}_EXPORT_RAW_GZIP_URI`);
    const archive = env.get(`${prefix}_EXPORT_ARCHIVE_URI`);
    const dir = env.get(`${prefix}_EXPORT_DIR_URI`);
    return [
      {
        claimName,
        ...(raw && { raw }),
        ...(gzip && { gzip }),
        ...(archive && { archive }),
        ...(dir && { dir }),
      },
    ];
  });
  return { ...(manifest && { manifest }), ...(secret && { secret }), volumes };
}

/** Whether this is the pod that the controller made for this export. */
export const isExporterOf = (pod: Pod | undefined, vmExport: VmExport): pod is Pod =>
  pod?.metadata.ownerReferences?.some(
    ({ controller, uid }) => controller === true && uid === vmExport.metadata.uid,
  ) === true;

/** Running, and every container that is told of is ready. Source: PodIsReady of virt-operator's util. */
export function isExporterReady(pod: Pod): boolean {
  const containers = (pod.status?.containerStatuses ?? []) as { ready?: boolean }[]; // of a pod's status
  return pod.status?.phase === "Running" && containers.every(({ ready }) => ready === true);
}
