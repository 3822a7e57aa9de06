/** The file behind each volume of a guest: its claim's image, or one that is made for it when it starts. */
import { access, mkdir, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { demoDiskImage } from "../guest/boot-sector.ts";
import type { DiskImage, DiskImages } from "../machines/disk-images.ts";
import { isoImage } from "../machines/iso9660.ts";
import { noCloudImage } from "../machines/nocloud.ts";
import { boundVolume } from "../store/bound-volume.ts";
import { claimKind, configMapKind, secretKind } from "./kinds.ts";
import type { CloudInitSource, VirtualMachineInstance, Volume } from "./kubevirt-shapes.ts";
import { parseQuantity } from "./quantity.ts";
import type { TypedStore } from "./typed-store.ts";
import { volumeImage } from "./volume-content.ts";

export interface SpecSources {
  store: TypedStore;
  images: DiskImages;
  /** Where the files are that are made for guests. */
  seedDir: string;
}

export interface VolumeFile {
  path: string;
  format: "raw" | "qcow2";
  /** Written for this guest, which only reads it. */
  made: boolean;
}

/** Of a configuration on a disk that names none. Source: KubeVirt's pkg/config, where xorrisofs gets what the volume says. */
const defaultLabel = "cfgdata";

function decoded(text: string | undefined, base64: string | undefined): string {
  return text ?? (base64 === undefined ? "" : Buffer.from(base64, "base64").toString("utf8"));
}

function userData(source: CloudInitSource, sources: SpecSources, namespace: string | undefined): string {
  if (!source.secretRef) return decoded(source.userData, source.userDataBase64);
  const secret = sources.store.get(secretKind, namespace, source.secretRef.name);
  if (!secret) throw new Error(`secret "${source.secretRef.name}" not found`);
  return decoded(undefined, secret.data?.["userdata"] ?? secret.data?.["userData"]);
}

/** Keys that reach the guest by its seed, by their names in their secrets. Source: kubevirt pkg/cloud-init, resolveNoCloudSecrets. */
function publicKeys(
  { metadata, spec }: VirtualMachineInstance,
  sources: SpecSources,
): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const { sshPublicKey } of spec.accessCredentials ?? []) {
    const name = sshPublicKey?.source?.secret?.secretName;
    if (name === undefined || sshPublicKey?.propagationMethod?.noCloud === undefined) continue;
    const secret = sources.store.get(secretKind, metadata.namespace, name);
    if (!secret) throw new Error(`secret "${name}" not found`);
    for (const [key, value] of Object.entries(secret.data ?? {})) keys[key] = decoded(undefined, value);
  }
  return keys;
}

const absentKinds = ["sysprep", "serviceAccount", "downwardAPI", "downwardMetrics", "hostDisk"];

/** Those that a disk of the guest is to be made of and is not. */
export function absentVolumes(vmi: VirtualMachineInstance): { name: string; kind: string }[] {
  return (vmi.spec.volumes ?? []).flatMap((volume) =>
    Object.keys(volume)
      .filter((kind) => absentKinds.includes(kind))
      .map((kind) => ({ name: volume.name, kind })),
  );
}

async function claimImage(
  claimName: string,
  vmi: VirtualMachineInstance,
  { store, images }: SpecSources,
): Promise<{ volume: string; image: DiskImage }> {
  const claim = store.get(claimKind, vmi.metadata.namespace, claimName);
  const volume = boundVolume(store.raw, claim) ?? "";
  const image = await volumeImage(store, images, volume);
  if (!image) throw new Error(`The volume of claim ${claimName} has no image.`);
  return { volume, image };
}

/** A configuration's entries as files of a disk, or null where the volume is none. Source: KubeVirt's pkg/config. */
function configurationDisk(
  volume: Volume,
  { metadata }: VirtualMachineInstance,
  { store }: SpecSources,
): Buffer | null {
  const { configMap, secret } = volume;
  const source = configMap ?? secret;
  if (source === undefined) return null;
  const name = configMap?.name ?? secret?.secretName ?? "";
  const config = configMap && store.get(configMapKind, metadata.namespace, name);
  const held = config ?? (secret && store.get(secretKind, metadata.namespace, name));
  if (held === undefined && source.optional !== true)
    throw new Error(`${configMap ? "configmap" : "secret"} "${name}" not found`);
  const plain = Object.entries(config?.data ?? {}).map(([key, text]) => ({
    name: key,
    content: Buffer.from(text),
  }));
  const encoded = Object.entries((configMap ? config?.binaryData : held?.data) ?? {});
  const files = [
    ...plain,
    ...encoded.map(([key, text]) => ({ name: key, content: Buffer.from(text, "base64") })),
  ];
  return isoImage(source.volumeLabel ?? defaultLabel, files);
}

/** Written once for each VMI: what a guest wrote is there again when it boots with the simulator. */
async function once(path: string, make: (path: string) => Promise<void>): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) return;
  await make(`${path}.new`);
  await rename(`${path}.new`, path);
}

/** Null where the volume is no disk here. Throws, in plain words, where what it is made of is missing. */
export async function volumeFile(
  volume: Volume,
  vmi: VirtualMachineInstance,
  sources: SpecSources,
): Promise<VolumeFile | null> {
  const claimName = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
  if (claimName !== undefined) {
    const { image } = await claimImage(claimName, vmi, sources);
    return { path: image.path, format: image.format, made: false };
  }
  const folder = join(sources.seedDir, vmi.metadata.uid);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Numbered, so that no volume's name becomes part of a path.
  const path = join(folder, `volume-${(vmi.spec.volumes ?? []).indexOf(volume)}.img`);
  const ephemeral = volume.ephemeral?.persistentVolumeClaim?.claimName;
  if (ephemeral !== undefined) {
    const { volume: from, image } = await claimImage(ephemeral, vmi, sources);
    await once(path, (to) => sources.images.copyTo(to, from));
    return { path, format: image.format, made: false };
  }
  if (volume.emptyDisk !== undefined) {
    const { capacity } = volume.emptyDisk;
    await once(path, async (to) => {
      await writeFile(to, "", { mode: 0o600 });
      await truncate(to, parseQuantity(capacity));
    });
    return { path, format: "raw", made: false };
  }
  const cloudInit = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive;
  const seed = cloudInit
    ? noCloudImage({
        instanceId: vmi.metadata.uid,
        hostname: vmi.spec.hostname ?? vmi.metadata.name,
        userData: userData(cloudInit, sources, vmi.metadata.namespace),
        networkData: decoded(cloudInit.networkData, cloudInit.networkDataBase64),
        publicKeys: volume.cloudInitNoCloud ? publicKeys(vmi, sources) : {},
      })
    : configurationDisk(volume, vmi, sources);
  // No registry here: every container disk is the demo guest (`guest-volumes` in docs/sim-differences.md).
  const content = seed ?? (volume.containerDisk ? demoDiskImage() : null);
  if (content === null) return null;
  await writeFile(path, content, { mode: 0o600 });
  return { path, format: "raw", made: seed !== null };
}
