/** Resources that discovery names though nothing of them is stored: reviews, tokens, subresources. */
import { EVENTS_GROUP } from "../schema/event-versions.ts";
import { DISCOVERED_SUBRESOURCES, SUBRESOURCES_GROUP } from "../subresources/subresource-api.ts";

export interface VirtualResource {
  group: string;
  version: string;
  name: string;
  singularName?: string;
  namespaced: boolean;
  kind: string;
  shortNames?: readonly string[];
  /** Null as virt-api gives it, which names no verbs. */
  verbs: readonly string[] | null;
  /** Of the kind, where it is not the resource's own. */
  responseGroup?: { group: string; version: string };
}

const review = (group: string, name: string, kind: string, namespaced = false): VirtualResource => ({
  group,
  version: "v1",
  name,
  singularName: kind.toLowerCase(),
  namespaced,
  kind,
  verbs: ["create"],
});

export const virtualResources: readonly VirtualResource[] = [
  ...["v1", "v1alpha3"].flatMap((version) =>
    DISCOVERED_SUBRESOURCES.map((name) => ({
      group: SUBRESOURCES_GROUP,
      version,
      name,
      namespaced: true,
      kind: "",
      verbs: null,
    })),
  ),
  ...[
    { name: "nodes", kind: "NodeMetrics", namespaced: false },
    { name: "pods", kind: "PodMetrics", namespaced: true },
  ].map((metrics) => ({ group: "metrics.k8s.io", version: "v1beta1", verbs: ["get", "list"], ...metrics })),
  {
    group: EVENTS_GROUP,
    version: "v1",
    name: "events",
    singularName: "event",
    namespaced: true,
    kind: "Event",
    shortNames: ["ev"],
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  },
  {
    group: "upload.cdi.kubevirt.io",
    version: "v1beta1",
    name: "uploadtokenrequests",
    singularName: "uploadtokenrequest",
    namespaced: true,
    kind: "UploadTokenRequest",
    verbs: ["create"],
  },
  review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
  review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
  review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
  review("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
  review("authentication.k8s.io", "tokenreviews", "TokenReview"),
  review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
  {
    group: "",
    version: "v1",
    name: "serviceaccounts/token",
    namespaced: true,
    kind: "TokenRequest",
    verbs: ["create"],
  },
  {
    group: "",
    version: "v1",
    name: "pods/eviction",
    namespaced: true,
    kind: "Eviction",
    verbs: ["create"],
    responseGroup: { group: "policy", version: "v1" },
  },
  { group: "", version: "v1", name: "pods/log", namespaced: true, kind: "Pod", verbs: ["get"] },
  {
    group: "",
    version: "v1",
    name: "pods/exec",
    namespaced: true,
    kind: "PodExecOptions",
    verbs: ["create", "get"],
  },
  {
    group: "",
    version: "v1",
    name: "namespaces/finalize",
    namespaced: false,
    kind: "Namespace",
    verbs: ["update"],
  },
];
