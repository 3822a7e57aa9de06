/** What a guest agent would tell: the system from the VMI's status, users and file systems invented in the real shapes. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Action, ActionCall, ActionContext } from "./action.ts";
import { findVmi, hasCondition, vmiConflict, vmiSpec, vmiStatus } from "./virt-objects.ts";

/** Throws what virt-api turns into its 500 texts. */
function requireAgent(context: ActionContext, call: ActionCall): KubeObject {
  const vmi = findVmi(context.store, call.namespace, call.name);
  const status = vmiStatus(vmi);
  if (status.phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  if (!hasCondition(status, "AgentConnected")) {
    throw vmiConflict(call.name, "VMI does not have guest agent connected");
  }
  return vmi;
}

const gibibyte = 1024 ** 3;

/** One file system on the first disk; nobody looks into what is on it. */
function fileSystems(vmi: KubeObject): object[] {
  const { devices } = (vmiSpec(vmi).domain ?? {}) as {
    devices?: { disks?: { disk?: { bus?: string } }[] };
  }; // admitted on write
  const [disk] = devices?.disks ?? [];
  if (disk === undefined) return [];
  const busType = disk.disk?.bus ?? "virtio";
  return [
    {
      diskName: busType === "virtio" ? "vda1" : "sda1",
      mountPoint: "/",
      fileSystemType: "ext4",
      usedBytes: 2 * gibibyte,
      totalBytes: 10 * gibibyte,
      disk: [{ busType }],
    },
  ];
}

/** The system's own user, logged in since the machine started. */
function users(vmi: KubeObject): { userName: string; loginTime: number }[] {
  const { id = "" } = vmiStatus(vmi).guestOSInfo ?? {};
  if (id === "") return [];
  return [{ userName: id, loginTime: Math.floor(Date.parse(vmi.metadata.creationTimestamp) / 1000) }];
}

const supportedCommands = ["guest-ping", "guest-get-osinfo"].map((name) => ({
  name,
  enabled: true,
  "success-response": true,
}));

export const guestOsInfo: Action = (context, call) => {
  const vmi = requireAgent(context, call);
  const { guestOSInfo = {}, fsFreezeStatus } = vmiStatus(vmi);
  return {
    code: 200,
    kind: "json",
    body: {
      guestAgentVersion: "9.2.4",
      hostname: vmiSpec(vmi).hostname ?? call.name,
      os: guestOSInfo,
      timezone: "UTC, 0",
      supportedCommands,
      userList: users(vmi).map((user) => ({ ...user, domain: "" })),
      fsInfo: { disks: fileSystems(vmi) },
      fsFreezeStatus: fsFreezeStatus ?? "thawed",
    },
  };
};

export const userList: Action = (context, call) => ({
  code: 200,
  kind: "json",
  body: { items: users(requireAgent(context, call)), metadata: {} },
});

export const filesystemList: Action = (context, call) => ({
  code: 200,
  kind: "json",
  body: { items: fileSystems(requireAgent(context, call)), metadata: {} },
});
