/**
 * The second networks of a pod that Kube-OVN gives addresses for: those that Multus attaches, whose definition names a provider, and
 * a subnet of that provider. Source: getPodAttachmentNet in Kube-OVN's pkg/controller/pod.go.
 */
import type { Pod } from "./core-shapes.ts";
import { attachmentDefinitionKind, subnetKind } from "./kinds.ts";
import type { Subnet } from "./kube-ovn-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

export const networksAnnotation = "k8s.v1.cni.cncf.io/networks";

export interface AttachedNetwork {
  /** Such as `nad.namespace.ovn`; ends the IP object's name and begins the keys of the pod's annotations. */
  provider: string;
  subnet: Subnet;
}

/** `[{"name": "a", "namespace": "b"}]`, or `b/a@eth1,c`. */
function selected(text: string, own: string): { namespace: string; name: string }[] {
  if (!text.trimStart().startsWith("["))
    return text.split(",").flatMap((part) => {
      const [path = ""] = part.trim().split("@");
      const [first = "", second] = path.split("/");
      if (first === "") return [];
      return [second === undefined ? { namespace: own, name: first } : { namespace: first, name: second }];
    });
  const list = parsed(text);
  return Array.isArray(list)
    ? list.flatMap(({ name, namespace }: { name?: unknown; namespace?: unknown }) =>
        typeof name === "string"
          ? [{ namespace: typeof namespace === "string" ? namespace : own, name }]
          : [],
      )
    : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a definition or an annotation that is no JSON attaches nothing
  }
}

export function attachedNetworks(store: TypedStore, pod: Pod): AttachedNetwork[] {
  const text = pod.metadata.annotations?.[networksAnnotation];
  if (text === undefined) return [];
  const found = new Map<string, AttachedNetwork>();
  for (const { namespace, name } of selected(text, pod.metadata.namespace ?? "")) {
    const definition = store.get(attachmentDefinitionKind, namespace, name);
    const config = parsed(definition?.spec?.config ?? "") as { type?: string; provider?: string } | undefined; // read as texts
    if (config?.type !== "kube-ovn" || typeof config.provider !== "string") continue;
    const { provider } = config;
    const asked = pod.metadata.annotations?.[`${provider}.kubernetes.io/logical_switch`];
    const subnet =
      asked === undefined
        ? store.list(subnetKind).find(({ spec }) => spec.provider === provider)
        : store.get(subnetKind, undefined, asked);
    if (subnet !== undefined) found.set(provider, { provider, subnet });
  }
  return [...found.values()];
}
