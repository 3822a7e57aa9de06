import { settingLabel } from "../../components/setting-words.ts";

/** What the form calls the API's fields, for the summary of errors. */
const labels: Record<string, string> = {
  name: "Name",
  description: "Description",
  labels: "Labels",
  source: "Source",
  "source.name": "Source",
  "source.url": "Address",
  diskSizeBytes: "Disk size",
  storageClass: "Storage class",
  sizing: "Size",
  "sizing.name": "Instance type",
  "sizing.cpuCores": "vCPUs",
  "sizing.memoryBytes": "Memory",
  preference: "Preference",
  firmware: "Firmware",
  nic: "Network",
  "nic.subnet": "Subnet",
  "nic.ips": "Fixed IP addresses",
  "nic.mac": "MAC address",
  "nic.securityGroups": "Security groups",
  attachments: "More interfaces",
  dataDisks: "Empty disks",
  "dataDisks.sizeBytes": "Size of an empty disk",
  "dataDisks.storageClass": "Storage class of an empty disk",
  "cloudInit.userName": "User name",
  "cloudInit.password": "Password",
  "cloudInit.sshKeys": "SSH public keys",
  "cloudInit.sshKeySecrets": "SSH keys of the project",
  "cloudInit.hostname": "Host name",
  "cloudInit.userData": "User data",
  runStrategy: "Run strategy",
  evictionStrategy: settingLabel("evictionStrategy"),
};

/** The label of the field at `path`; of a list's entry, that of the list. */
export function fieldLabel(path: string): string {
  return labels[path] ?? labels[path.replace(/\.\d+(?=\.|$)/, "")] ?? (path === "" ? "The whole form" : path);
}
