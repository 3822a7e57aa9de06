/** Whether cloud-init is set and for whom; the data itself stays here. */
import { readYaml, valueOfYaml } from "../domain/bounded-yaml.ts";
import type { RawVm } from "./vm-detail.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes } from "../kube/resource-types.ts";

export interface CloudInitFacts {
  present: boolean;
  userName?: string;
  sshKeys: number;
}

interface CloudConfig {
  user?: unknown;
  users?: unknown;
  ssh_authorized_keys?: unknown;
}

function factsOf(userData: string): CloudInitFacts {
  if (!userData.startsWith("#cloud-config")) return { present: true, sshKeys: 0 };
  try {
    const { document, problems } = readYaml(userData);
    if (document === null || problems.length > 0) return { present: true, sshKeys: 0 };
    const config = valueOfYaml(document) as CloudConfig | null; // every part is checked before use
    const [first] = Array.isArray(config?.users) ? (config.users as unknown[]) : [];
    const named =
      typeof first === "object" && first !== null
        ? (first as { name?: unknown; ssh_authorized_keys?: unknown })
        : {};
    const userName = typeof config?.user === "string" ? config.user : named.name;
    const keys = [config?.ssh_authorized_keys, named.ssh_authorized_keys].flatMap((list) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    );
    return { present: true, ...(typeof userName === "string" ? { userName } : {}), sshKeys: keys.length };
  } catch {
    return { present: true, sshKeys: 0 };
  }
}

/** Reads a Secret as the caller; who may not read it learns only that there is cloud-init. */
export async function readCloudInit(client: KubeClient, project: string, vm: RawVm): Promise<CloudInitFacts> {
  const source = vm.spec?.template?.spec?.volumes
    ?.map((volume) => volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive)
    .find((found) => found !== undefined);
  if (source === undefined) return { present: false, sshKeys: 0 };
  if (source.userData !== undefined) return factsOf(source.userData);
  if (source.userDataBase64 !== undefined)
    return factsOf(Buffer.from(source.userDataBase64, "base64").toString("utf8"));
  const name = source.secretRef?.name;
  if (name === undefined) return { present: true, sshKeys: 0 };
  try {
    const secret = await client.json<{ data?: Record<string, string> }>(
      objectPath(resourceTypes.secret, name, project),
    );
    const data = secret.data?.["userdata"] ?? secret.data?.["userData"];
    return data === undefined
      ? { present: true, sshKeys: 0 }
      : factsOf(Buffer.from(data, "base64").toString("utf8"));
  } catch {
    return { present: true, sshKeys: 0 };
  }
}
