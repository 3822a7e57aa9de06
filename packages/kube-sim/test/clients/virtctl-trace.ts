/** What virtctl was seen to send to the real virt-api, read from the recording itself. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, type TestCluster } from "../cluster.ts";
import { oracles } from "../oracles.ts";

export interface RecordedRequest {
  method: "GET" | "PUT" | "POST" | "WebSocket";
  /** With NS where the project stands. */
  path: string;
  contentType?: string;
  body?: string;
  code: number;
}

export interface RecordedCommand {
  /** Without the program's name and the project. */
  args: string[];
  requests: RecordedRequest[];
}

const file = oracles === undefined ? null : join(oracles, "traces/virtctl.md");

function readCommands(text: string): RecordedCommand[] {
  return text
    .split(/^## virtctl /m)
    .slice(1)
    .map((section) => {
      const [title = "", ...rest] = section.split("\n");
      const found = rest
        .join("\n")
        .matchAll(
          /^- (GET|PUT|POST|WebSocket) `([^`]+)`(?: \(([^)]+)\))?([^`→]*?(?:`([^`]*)`)?[^`→]*)→ (\d+)/gm,
        );
      return {
        args: title
          .replace(/ -n vctl\b/, "")
          .trim()
          .split(/ +/),
        requests: Array.from(found, ([, method, path = "", contentType, words = "", quoted, code]) => ({
          method: method as RecordedRequest["method"], // by the pattern
          path,
          ...(contentType !== undefined && { contentType }),
          ...(words.includes("body") && quoted !== undefined && { body: quoted.trim() }),
          code: Number(code),
        })),
      };
    });
}

/** Null where the recording is absent. */
export const recordedCommands: RecordedCommand[] | null =
  file !== null && existsSync(file) ? readCommands(readFileSync(file, "utf8")) : null;

export const PROJECT = "vctl";
const machines = `/apis/kubevirt.io/v1/namespaces/${PROJECT}`;

/**
 * What stood there when it was recorded: a stopped machine with a guest agent, and a claim. No CDI ran, so nobody had let
 * virt-api read CDI's configuration: a memory dump failed there.
 */
export async function makeRecordedWorld(cluster: TestCluster): Promise<void> {
  const make = async (path: string, body: unknown) => {
    const { code, text } = await cluster.call(path, { body });
    if (code !== 201) throw new Error(`${path}: ${code} ${text}`);
  };
  const binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/cdi.kubevirt.io:config-reader";
  const { code } = await cluster.call(binding, { method: "DELETE" });
  if (code !== 200) throw new Error(`${binding}: ${code}`);
  await make("/api/v1/namespaces", { metadata: { name: PROJECT } });
  await make(`/api/v1/namespaces/${PROJECT}/persistentvolumeclaims`, {
    metadata: { name: "pvc1" },
    spec: {
      accessModes: ["ReadWriteMany"],
      // blocks could hold no memory dump
      volumeMode: "Filesystem",
      storageClassName: "fast-block",
      resources: { requests: { storage: "1Gi" } },
    },
  });
  await make(`${machines}/virtualmachines`, {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: "v1" },
    spec: {
      runStrategy: "Halted",
      template: {
        metadata: {
          annotations: { "kubesim.kubev.io/guest-os": "debian;Debian GNU/Linux;12 (bookworm);6.1.0" },
        },
        spec: {
          domain: {
            devices: {
              disks: [{ name: "root", disk: { bus: "virtio" } }],
              interfaces: [{ name: "default", masquerade: {} }],
            },
            memory: { guest: "128Mi" },
          },
          networks: [{ name: "default", pod: {} }],
          volumes: [{ name: "root", containerDisk: { image: "demo" } }],
        },
      },
    },
  });
}

interface Instance {
  metadata: { uid: string; deletionTimestamp?: string };
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}

/** Until the machine runs with its agent and no migration is under way; a stopped one has come to rest as well. */
export async function settled(cluster: TestCluster): Promise<void> {
  await eventually(async () => {
    const { body: vm } = await cluster.call(`${machines}/virtualmachines/v1`);
    const { body: migrations } = await cluster.call(`${machines}/virtualmachineinstancemigrations`);
    const moving = (migrations.items as { status?: { phase?: string } }[]).some(
      ({ status }) => !["Succeeded", "Failed"].includes(status?.phase ?? ""),
    );
    if (moving) return false;
    const answer = await cluster.call(`${machines}/virtualmachineinstances/v1`);
    const stops = vm.spec.runStrategy === "Halted" && (vm.status?.stateChangeRequests ?? []).length === 0;
    if (stops) return answer.code === 404;
    if (answer.code !== 200) return false;
    const { metadata, status } = answer.body as Instance; // a VMI by its path
    const agent = status?.conditions?.some((one) => one.type === "AgentConnected" && one.status === "True");
    return metadata.deletionTimestamp === undefined && status?.phase === "Running" && agent === true;
  });
}
