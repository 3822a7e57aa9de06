/** What to type instead of using the form. Values are quoted for a shell, whatever they hold. */
import type { VmCreateSpec } from "@kubev/api-types/vm-create";
import { isPlaced } from "./nic-annotations.ts";
import { bytesQuantity } from "./quantity.ts";
import { cloudInitSecretName, cloudInitUserData, runStrategyOf } from "./vm-manifest.ts";
import { typeOfId } from "./type-id.ts";

export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The YAML of the preview, applied. The cloud-init Secret is made from a file, since the preview hides it. */
export function kubectlCommands(project: string, spec: VmCreateSpec): string {
  const lines = [
    `kubectl apply --namespace ${shellQuoted(project)} --filename ${shellQuoted(`${spec.name}.yaml`)}`,
  ];
  if (cloudInitUserData(spec) !== "")
    lines.unshift(
      `kubectl create secret generic ${shellQuoted(cloudInitSecretName(spec.name))} --namespace ${shellQuoted(project)} --from-file=userdata=user-data.yaml`,
    );
  if (spec.startAfterCreate && spec.runStrategy === "Manual")
    lines.push(`virtctl start ${shellQuoted(spec.name)} --namespace ${shellQuoted(project)}`);
  return lines.join("\n");
}

function volumeFlag(project: string, spec: VmCreateSpec): string[] {
  const size = `size:${bytesQuantity(spec.diskSizeBytes)}`;
  switch (spec.source.kind) {
    case "image":
      return [`--volume-import=type:ds,src:${spec.source.project}/${spec.source.name},${size}`];
    case "iso":
      return [
        `--volume-import=type:blank,${size}`,
        `--volume-import=type:ds,src:${spec.source.project}/${spec.source.name}`,
      ];
    case "disk":
      return [`--volume-pvc=src:${project}/${spec.source.name}`];
    case "blank":
      return [`--volume-import=type:blank,${size}`];
    case "url":
      return [`--volume-import=type:http,url:${spec.source.url},${size}`];
    case "registry":
      return [`--volume-import=type:registry,url:${spec.source.url},${size}`];
    case "snapshot":
      return [`--volume-import=type:snapshot,src:${project}/${spec.source.name},${size}`];
  }
}

/** virtctl takes a name for the cluster's and `KIND/NAME` for a project's own. */
function virtctlType(id: string, what: "instancetype" | "preference"): string {
  const { namespace, name } = typeOfId(id);
  return namespace === "" ? name : `virtualmachine${what}/${name}`;
}

export function virtctlCommand(project: string, spec: VmCreateSpec): string {
  const flags = [
    `--name=${spec.name}`,
    `--run-strategy=${runStrategyOf(spec)}`,
    ...(spec.sizing.kind === "instance-type"
      ? [`--instancetype=${virtctlType(spec.sizing.name, "instancetype")}`]
      : [`--memory=${bytesQuantity(spec.sizing.memoryBytes)}`]),
    ...(spec.preference === "" ? [] : [`--preference=${virtctlType(spec.preference, "preference")}`]),
    ...volumeFlag(project, spec),
    ...(spec.cloudInit.kind === "form" && spec.cloudInit.userName !== ""
      ? [`--user=${spec.cloudInit.userName}`]
      : []),
  ];
  return `virtctl create vm ${flags.map(shellQuoted).join(" ")} | kubectl create --namespace ${shellQuoted(project)} --filename -`;
}

/** Fields of the form, filled in, that `virtctl create vm` has no flag for: the machine it makes differs in these. */
export function virtctlOmits(spec: VmCreateSpec): string[] {
  const { cloudInit, sizing } = spec;
  const omitted: [path: string, set: boolean][] = [
    ["description", spec.description !== ""],
    ["labels", Object.keys(spec.labels).length > 0],
    ["sizing.cpuCores", sizing.kind === "custom"],
    ["storageClass", spec.storageClass !== ""],
    ["firmware", spec.firmware !== "default"],
    ["nic", isPlaced(spec.nic) || spec.nic.securityGroups.length > 0],
    ["attachments", spec.attachments.length > 0],
    ["dataDisks", spec.dataDisks.length > 0],
    ["cloudInit.password", cloudInit.kind === "form" && cloudInit.password !== ""],
    ["cloudInit.sshKeys", cloudInit.kind === "form" && cloudInit.sshKeys.length > 0],
    ["cloudInit.sshKeySecrets", cloudInit.kind === "form" && cloudInit.sshKeySecrets.length > 0],
    ["cloudInit.hostname", cloudInit.kind === "form" && cloudInit.hostname !== ""],
    ["cloudInit.userData", cloudInit.kind === "raw"],
    ["evictionStrategy", spec.evictionStrategy !== ""],
  ];
  return omitted.filter(([, set]) => set).map(([path]) => path);
}
