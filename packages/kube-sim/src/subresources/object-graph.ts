/** objectgraph: what a machine needs, as a tree. Source: KubeVirt's pkg/virt-api/rest/objectgraph.go. */
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest } from "../store/status-error.ts";
import type { Action, ActionCall, ActionContext } from "./action.ts";
import { isGateOpen } from "./feature-gates.ts";
import { findVm, findVmi, vmStatus } from "./virt-objects.ts";

interface GraphNode {
  objectReference: { apiGroup: string; kind: string; name: string; namespace: string };
  optional?: true;
  labels: Record<string, string>;
  children?: GraphNode[];
}

interface Secret {
  source?: { secret?: { secretName?: string } };
}

interface Volume {
  dataVolume?: { name: string };
  persistentVolumeClaim?: { claimName: string };
  memoryDump?: { claimName: string };
  configMap?: { name: string };
  secret?: { secretName: string };
  serviceAccount?: { serviceAccountName: string };
  cloudInitNoCloud?: { secretRef?: { name: string }; networkDataSecretRef?: { name: string } };
  cloudInitConfigDrive?: { secretRef?: { name: string }; networkDataSecretRef?: { name: string } };
}

interface MachineSpec {
  volumes?: Volume[];
  networks?: { multus?: { networkName?: string } }[];
  accessCredentials?: { sshPublicKey?: Secret; userPassword?: Secret }[];
}

interface Matcher {
  name?: string;
  kind?: string;
  revisionName?: string;
}

interface StatusRef {
  controllerRevisionRef?: { name: string };
}

interface Options {
  includeOptionalNodes?: boolean;
  labelSelector?: { matchLabels?: Record<string, string> };
}

const dependencyLabel = "kubevirt.io/dependency-type";

const storage = (kind: string) => ({ kind, dependency: "storage" });
const config = (kind: string, apiGroup = "") => ({ kind, apiGroup, dependency: "config" });

function node(
  { kind, apiGroup = "", dependency }: { kind: string; apiGroup?: string; dependency: string },
  namespace: string,
  name: string,
  children: GraphNode[] = [],
): GraphNode {
  return {
    objectReference: { apiGroup, kind, name, namespace },
    labels: { [dependencyLabel]: dependency },
    ...(children.length > 0 && { children }),
  };
}

const claim = (namespace: string, name: string): GraphNode =>
  node(storage("PersistentVolumeClaim"), namespace, name);
const secret = (namespace: string, name: string): GraphNode => node(config("Secret"), namespace, name);

function volumeNodes(namespace: string, volume: Volume): GraphNode[] {
  const { dataVolume, persistentVolumeClaim, memoryDump, configMap, serviceAccount } = volume;
  if (dataVolume) {
    const kind = { ...storage("DataVolume"), apiGroup: "cdi.kubevirt.io" };
    return [node(kind, namespace, dataVolume.name, [claim(namespace, dataVolume.name)])];
  }
  const claimed = persistentVolumeClaim ?? memoryDump;
  if (claimed) return [claim(namespace, claimed.claimName)];
  if (configMap) return [node(config("ConfigMap"), namespace, configMap.name)];
  if (volume.secret) return [secret(namespace, volume.secret.secretName)];
  if (serviceAccount) return [node(config("ServiceAccount"), namespace, serviceAccount.serviceAccountName)];
  const { secretRef, networkDataSecretRef } = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive ?? {};
  return [secretRef, networkDataSecretRef].flatMap((one) => (one ? [secret(namespace, one.name)] : []));
}

function specNodes(namespace: string, spec: MachineSpec): GraphNode[] {
  const credentials = (spec.accessCredentials ?? []).flatMap(({ sshPublicKey, userPassword }) => {
    const name = (sshPublicKey ?? userPassword)?.source?.secret?.secretName;
    return name === undefined ? [] : [secret(namespace, name)];
  });
  const volumes = (spec.volumes ?? []).flatMap((volume) => volumeNodes(namespace, volume));
  const networks = (spec.networks ?? []).flatMap(({ multus }): GraphNode[] => {
    if (!multus?.networkName) return [];
    const [first = "", second] = multus.networkName.split("/");
    const kind = { kind: "NetworkAttachmentDefinition", apiGroup: "k8s.cni.cncf.io", dependency: "network" };
    const made = second === undefined ? node(kind, namespace, first) : node(kind, first, second);
    return [{ ...made, optional: true }];
  });
  return [...credentials, ...volumes, ...networks];
}

/** The type or preference, and the revision that was kept of it. */
function matcherNodes(
  namespace: string,
  matcher: Matcher | undefined,
  reference: StatusRef | undefined,
): GraphNode[] {
  if (matcher === undefined) return [];
  const kinds = [
    "VirtualMachineClusterInstancetype",
    "VirtualMachineInstancetype",
    "VirtualMachineClusterPreference",
    "VirtualMachinePreference",
  ];
  const kind = kinds.find((one) => one.toLowerCase() === (matcher.kind ?? "").toLowerCase());
  const found: GraphNode[] = [];
  if (kind !== undefined) {
    const where = kind.includes("Cluster") ? "" : namespace;
    found.push({
      ...node(config(kind, "instancetype.kubevirt.io"), where, matcher.name ?? ""),
      optional: true,
    });
  }
  const revision = reference === undefined ? matcher.revisionName : reference.controllerRevisionRef?.name;
  if (revision) found.push(node(config("ControllerRevision", "apps"), namespace, revision));
  return found;
}

function launcherNodes({ store }: ActionContext, namespace: string, name: string): GraphNode[] {
  const pod = store
    .snapshot({ group: "", resource: "pods" }, namespace)
    .find(({ metadata }) =>
      metadata.ownerReferences?.some(
        (owner) => owner.kind === "VirtualMachineInstance" && owner.name === name,
      ),
    );
  return pod === undefined
    ? []
    : [node({ kind: "Pod", dependency: "compute" }, namespace, pod.metadata.name)];
}

function filtered(nodes: GraphNode[], options: Options): GraphNode[] {
  const wanted = Object.entries(options.labelSelector?.matchLabels ?? {});
  return nodes
    .filter(({ optional, labels }) =>
      optional === true && options.includeOptionalNodes === false
        ? false
        : wanted.every(([label, value]) => labels[label] === value),
    )
    .map(({ children, ...rest }) => {
      const left = filtered(children ?? [], options);
      return left.length > 0 ? { ...rest, children: left } : rest;
    });
}

function requireGate({ store }: ActionContext): void {
  if (!isGateOpen(store, "ObjectGraph"))
    throw badRequest("ObjectGraph feature gate not enabled: Unable to return object graph.");
}

const compute = (kind: string) => ({ kind, apiGroup: "kubevirt.io", dependency: "compute" });

const answer = ({ namespace, name, body }: ActionCall, kind: string, children: GraphNode[]) => ({
  code: 200 as const,
  kind: "json" as const,
  body: node(compute(kind), namespace, name, filtered(children, body)),
});

const specOf = (object: KubeObject): MachineSpec => object["spec"] ?? {};

export const vmiObjectGraph: Action = (context, call) => {
  requireGate(context);
  const { namespace, name } = call;
  const spec = specOf(findVmi(context.store, namespace, name));
  const children = [...launcherNodes(context, namespace, name), ...specNodes(namespace, spec)];
  return answer(call, "VirtualMachineInstance", children);
};

export const vmObjectGraph: Action = (context, call) => {
  requireGate(context);
  const { namespace, name } = call;
  const vm = findVm(context.store, namespace, name);
  const { template, instancetype, preference } = vm["spec"] as {
    template: { spec: MachineSpec };
    instancetype?: Matcher;
    preference?: Matcher;
  }; // admitted on write
  const { created, instancetypeRef, preferenceRef } = vmStatus(vm) as {
    created?: boolean;
    instancetypeRef?: StatusRef;
    preferenceRef?: StatusRef;
  }; // written by controllers
  const children = [
    ...(created === true
      ? [node(compute("VirtualMachineInstance"), namespace, name, launcherNodes(context, namespace, name))]
      : []),
    ...matcherNodes(namespace, instancetype, instancetypeRef),
    ...matcherNodes(namespace, preference, preferenceRef),
    ...specNodes(namespace, template.spec),
  ];
  return answer(call, "VirtualMachine", children);
};
