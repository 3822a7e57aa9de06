/** What is known of the embedded cluster's storage drivers, as CDI knows those of the world (pkg/storagecapabilities). */
interface Capabilities {
  claimPropertySets: { accessModes: string[]; volumeMode: string }[];
  cloneStrategy: string;
  snapshots: boolean;
}

const one = (accessMode: string, volumeMode: string, snapshots: boolean): Capabilities => ({
  claimPropertySets: [{ accessModes: [accessMode], volumeMode }],
  cloneStrategy: snapshots ? "csi-clone" : "copy",
  snapshots,
});

const drivers: Readonly<Record<string, Capabilities>> = {
  "block.csi.kubev.dev": one("ReadWriteMany", "Block", true),
  "file.csi.kubev.dev": one("ReadWriteOnce", "Filesystem", true),
  "archive.csi.kubev.dev": one("ReadWriteOnce", "Filesystem", false),
};

export function detectedOf(driver: string): Capabilities | undefined {
  return drivers[driver];
}
