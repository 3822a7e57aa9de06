/** The NoCloud seed that cloud-init reads: a CD-ROM labelled `cidata`. Source: cloud-init's NoCloud datasource documentation. */
import { isoImage } from "./iso9660.ts";

export interface CloudInit {
  instanceId: string;
  hostname: string;
  userData: string;
  networkData: string;
  /** By name; empty for none. Source: `public-keys` of KubeVirt's NoCloudMetadata. */
  publicKeys: Readonly<Record<string, string>>;
}

export function noCloudImage(cloudInit: CloudInit): Buffer {
  const metaData = `${JSON.stringify({
    "instance-id": cloudInit.instanceId,
    "local-hostname": cloudInit.hostname,
    ...(Object.keys(cloudInit.publicKeys).length === 0 ? {} : { "public-keys": cloudInit.publicKeys }),
  })}\n`;
  const files = [
    { name: "meta-data", content: Buffer.from(metaData) },
    { name: "user-data", content: Buffer.from(cloudInit.userData) },
  ];
  if (cloudInit.networkData !== "")
    files.push({ name: "network-config", content: Buffer.from(cloudInit.networkData) });
  return isoImage("cidata", files);
}
