/**
 * What admission demands of a pod and adds to it: defaults, its service account, its priority, tolerations of nodes that
 * are only away for a while. Source: pkg/apis/core and plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds}.
 */
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { forbidden, invalid } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { withPodDefaults } from "./pod-defaults.ts";
import { podChangeProblems, type PodSpec, podSpecProblems, type Toleration } from "./pod-spec-problems.ts";

const PRIORITY_CLASSES = { group: "scheduling.k8s.io", resource: "priorityclasses" };

/** Pods stay this long on a node that is away. */
const AWAY_SECONDS = 300;

export class PodRule implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(pod: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    if (kind.group !== "" || kind.resource !== "pods") return pod;
    if (operation === "DELETE" || subresource !== "") return pod;
    const spec = (pod["spec"] ?? {}) as PodSpec; // checked below
    const given: PodSpec = withPodDefaults({ ...spec });
    const defaulted = { ...given, tolerations: withTolerations(given.tolerations ?? []) };
    const causes = podSpecProblems(defaulted, "spec");
    if (old !== undefined) causes.push(...podChangeProblems(defaulted, (old["spec"] ?? {}) as PodSpec)); // as above
    if (causes.length > 0) throw invalid(kind, pod.metadata.name, causes);
    if (operation !== "CREATE") return { ...pod, spec: defaulted };
    return {
      ...pod,
      spec: {
        enableServiceLinks: true,
        serviceAccountName: "default",
        serviceAccount: defaulted.serviceAccountName ?? "default",
        ...defaulted,
        ...this.#priorityOf(defaulted, pod, request),
      },
      status: { phase: "Pending", qosClass: qosClassOf(defaulted) },
    };
  }

  #priorityOf({ priorityClassName = "" }: PodSpec, pod: KubeObject, request: AdmissionRequest): object {
    const classes = this.#store.snapshot(PRIORITY_CLASSES);
    const named =
      priorityClassName === ""
        ? classes.find((one) => one["globalDefault"] === true)
        : classes.find((one) => one.metadata.name === priorityClassName);
    if (named === undefined && priorityClassName !== "") {
      throw forbidden(
        request.kind,
        pod.metadata.name,
        `no PriorityClass with name ${priorityClassName} was found`,
      );
    }
    return {
      ...(named === undefined ? {} : { priorityClassName: named.metadata.name }),
      priority: named?.["value"] ?? 0,
      preemptionPolicy: named?.["preemptionPolicy"] ?? "PreemptLowerPriority",
    };
  }
}

function withTolerations(given: readonly Toleration[]): Toleration[] {
  const missing = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].filter(
    (taint) =>
      !given.some(
        ({ key, effect }) =>
          (key === undefined || key === "" || key === taint) &&
          (effect === undefined || effect === "" || effect === "NoExecute"),
      ),
  );
  return [
    ...given,
    ...missing.map((key) => ({
      key,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: AWAY_SECONDS,
    })),
  ];
}

/** Guaranteed where every container asks for just what it is limited to; best effort where none asks for anything. */
function qosClassOf({ containers = [], initContainers = [] }: PodSpec): string {
  const all = [...containers, ...initContainers].map(({ resources }) => resources ?? {});
  const asks = (part: Record<string, unknown> | undefined): boolean =>
    ["cpu", "memory"].some((name) => part?.[name] !== undefined);
  if (!all.some(({ requests, limits }) => asks(requests) || asks(limits))) return "BestEffort";
  const isGuaranteed = all.every(({ requests, limits }) =>
    ["cpu", "memory"].every((name) => limits?.[name] !== undefined && requests?.[name] === limits[name]),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
