/** What the API server demands of built-in objects, and the rule that nobody grants rights beyond his own. */
import { withOwnAnnotationsOf } from "../store/own-annotations.ts";
import type { Authorizer } from "../rbac/authorizer.ts";
import { ruleAllows, ruleAllowsPath, type PolicyRule } from "../rbac/policy-rule.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { sameJson } from "../store/json-equality.ts";
import { forbidden, invalid } from "../store/status-error.ts";
import { quantityBytes } from "../upload/byte-quantity.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { bindingProblems, ruleProblems } from "./access-validation.ts";
import { admitConfigMap } from "./config-map-rule.ts";
import { type Cause, invalidValue, required } from "./field-causes.ts";
import { admitSecret } from "./secret-rule.ts";
import { admitService } from "./service-rule.ts";
import { admitStorageClass } from "./storage-class-rule.ts";

interface RoleRef {
  kind: string;
  name: string;
}

interface ClaimSpec {
  accessModes?: string[];
  resources?: { requests?: { storage?: string | number } };
  storageClassName?: string;
  volumeName?: string;
  dataSource?: object;
  dataSourceRef?: { namespace?: string };
}

export class CoreRules implements AdmissionRule {
  readonly #store: KubeStore;
  readonly #authorizer: Authorizer;
  constructor(store: KubeStore, authorizer: Authorizer) {
    this.#store = store;
    this.#authorizer = authorizer;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.operation === "DELETE" || request.subresource !== "") return object;
    const { group, resource } = request.kind;
    if (group === "rbac.authorization.k8s.io") this.#checkGrant(object, request);
    if (group === "storage.k8s.io" && resource === "storageclasses")
      return admitStorageClass(object, request);
    if (group !== "") return object;
    switch (resource) {
      case "persistentvolumeclaims":
        return this.#admitClaim(object, request);
      case "configmaps":
        return admitConfigMap(object, request);
      case "secrets":
        return admitSecret(object, request);
      case "services":
        return admitService(object, request, this.#store.snapshot({ group: "", resource: "services" }));
      default:
        return object;
    }
  }

  #admitClaim(claim: KubeObject, request: AdmissionRequest): KubeObject {
    const spec = (claim["spec"] ?? {}) as ClaimSpec; // checked below
    const causes: Cause[] = [];
    if ((spec.accessModes?.length ?? 0) === 0)
      causes.push(required("spec.accessModes", "at least 1 access mode is required"));
    const size = spec.resources?.requests?.storage;
    if (size === undefined) causes.push(required("spec.resources[storage]"));
    else if (!(quantityBytes(String(size)) > 0)) {
      causes.push(invalidValue("spec.resources[storage]", String(size), "must be greater than zero"));
    }
    if (request.old !== undefined) causes.push(...claimChangeProblems(request.old, spec));
    if (causes.length > 0) throw invalid(request.kind, claim.metadata.name, causes);
    if (request.old !== undefined) this.#checkGrowth(claim, request.old, request);
    const annotations = withOwnAnnotationsOf(claim.metadata.annotations, request.old?.metadata.annotations);
    const written = { ...claim, metadata: { ...claim.metadata, annotations } };
    if (request.operation !== "CREATE") return written;
    const { finalizers = [] } = claim.metadata;
    const storageClassName = spec.storageClassName ?? this.#defaultStorageClass();
    return {
      ...written,
      metadata: {
        ...written.metadata,
        finalizers: [...new Set([...finalizers, "kubernetes.io/pvc-protection"])],
      },
      spec: {
        volumeMode: "Filesystem",
        ...spec,
        ...sameDataSources(spec),
        ...(storageClassName === undefined ? {} : { storageClassName }),
      },
      status: { phase: "Pending" },
    };
  }

  /** Source: Kubernetes' admission plugin PersistentVolumeClaimResize. */
  #checkGrowth(claim: KubeObject, old: KubeObject, request: AdmissionRequest): void {
    const spec = (claim["spec"] ?? {}) as ClaimSpec; // checked before
    if (storageBytes(spec) <= storageBytes(old["spec"] ?? {})) return; // admitted on create
    const refuse = (why: string) => forbidden(request.kind, claim.metadata.name, why);
    if ((old["status"] as { phase?: string } | undefined)?.phase !== "Bound")
      throw refuse("Only bound persistent volume claims can be expanded");
    const storageClass = this.#store
      .snapshot({ group: "storage.k8s.io", resource: "storageclasses" })
      .find(({ metadata }) => metadata.name === spec.storageClassName);
    if (storageClass?.["allowVolumeExpansion"] !== true)
      throw refuse(
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
      );
  }

  #defaultStorageClass(): string | undefined {
    const classes = this.#store.snapshot({ group: "storage.k8s.io", resource: "storageclasses" });
    return classes.find(
      ({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    )?.metadata.name;
  }

  /** Escalation prevention: a role may only hold, and a binding only give, what the writer has. */
  #checkGrant(object: KubeObject, request: AdmissionRequest): void {
    const { kind, user, namespace } = request;
    const isBinding = kind.resource.endsWith("bindings");
    const unchanged = (field: string): boolean => sameJson(object[field], request.old?.[field]);
    if (isBinding && request.old !== undefined && !unchanged("roleRef")) {
      throw invalid(kind, object.metadata.name, [
        invalidValue("roleRef", object["roleRef"], "cannot change roleRef"),
      ]);
    }
    const problems = isBinding
      ? bindingProblems(object, kind.namespaced)
      : ruleProblems(object, kind.namespaced);
    if (problems.length > 0) throw invalid(kind, object.metadata.name, problems);
    // whatever is selected today, a role that any user labels comes to be in it: policybased/storage.go, hasAggregationRule
    const aggregates = [object, request.old].some((role) => role?.["aggregationRule"] !== undefined);
    if (unchanged("rules") && unchanged("subjects") && request.old !== undefined && !aggregates) return;
    const roleRef = object["roleRef"] as RoleRef | undefined; // checked here
    const scope = kind.namespaced ? namespace : "";
    const verb = isBinding ? "bind" : "escalate";
    const target =
      roleRef === undefined
        ? { resource: kind.resource, name: object.metadata.name }
        : { resource: roleRef.kind === "ClusterRole" ? "clusterroles" : "roles", name: roleRef.name };
    const attributes = { verb, group: kind.group, namespace: scope, ...target };
    if (this.#authorizer.authorize(user, attributes).allowed) return;
    const wanted = aggregates
      ? EVERYTHING
      : isBinding
        ? (this.#authorizer.rulesOf(roleRef ?? { kind: "", name: "" }, scope === "" ? undefined : scope) ??
          [])
        : ((object["rules"] ?? []) as PolicyRule[]); // checked rule by rule below
    const held = this.#authorizer.rulesFor(user, scope);
    const missing = wanted.flatMap(splitRule).filter((rule) => !covers(held, rule));
    if (missing.length === 0) return;
    const groups = user.groups.map((name) => `"${name}"`).join(" ");
    throw forbidden(
      kind,
      object.metadata.name,
      `user "${user.name}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(showRule).join("\n")}`,
    );
  }
}

/** What a role that aggregates may come to hold. */
const EVERYTHING: PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** One rule per verb, group, resource and name, so that each can be checked alone. */
function splitRule(rule: PolicyRule): PolicyRule[] {
  const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
  const forResources = rule.verbs.flatMap((verb) =>
    (rule.apiGroups ?? []).flatMap((group) =>
      (rule.resources ?? []).flatMap((resource) =>
        names.map(
          (name): PolicyRule => ({
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            ...(name === undefined ? {} : { resourceNames: [name] }),
          }),
        ),
      ),
    ),
  );
  const forPaths = rule.verbs.flatMap((verb) =>
    (rule.nonResourceURLs ?? []).map((path): PolicyRule => ({ verbs: [verb], nonResourceURLs: [path] })),
  );
  return [...forResources, ...forPaths];
}

function covers(held: PolicyRule[], wanted: PolicyRule): boolean {
  const verb = wanted.verbs[0] ?? "";
  const path = wanted.nonResourceURLs?.[0];
  if (path !== undefined) return held.some((rule) => ruleAllowsPath(rule, { verb, path }));
  const [resource = "", ...sub] = (wanted.resources?.[0] ?? "").split("/");
  const name = wanted.resourceNames?.[0];
  return held.some(
    (rule) =>
      // A rule for named objects covers no request for all of them.
      (name !== undefined || !rule.resourceNames?.length) &&
      ruleAllows(rule, {
        verb,
        group: wanted.apiGroups?.[0] ?? "",
        resource,
        subresource: sub.join("/"),
        ...(name === undefined ? {} : { name }),
      }),
  );
}

function showRule(rule: PolicyRule): string {
  const list = (values: string[]): string => `[${values.map((value) => `"${value}"`).join(" ")}]`;
  if (rule.nonResourceURLs !== undefined) {
    return `{NonResourceURLs:${list(rule.nonResourceURLs)}, Verbs:${list(rule.verbs)}}`;
  }
  const names = rule.resourceNames === undefined ? "" : `ResourceNames:${list(rule.resourceNames)}, `;
  return `{APIGroups:${list(rule.apiGroups ?? [])}, Resources:${list(rule.resources ?? [])}, ${names}Verbs:${list(rule.verbs)}}`;
}

/** Either names the other, where one is given. Source: NormalizeDataSources of pkg/api/persistentvolumeclaim. */
function sameDataSources({ dataSource, dataSourceRef }: ClaimSpec): Partial<ClaimSpec> {
  if (dataSource !== undefined && dataSourceRef === undefined) return { dataSourceRef: dataSource };
  if (dataSourceRef !== undefined && dataSource === undefined && !dataSourceRef.namespace)
    return { dataSource: dataSourceRef };
  return {};
}

function storageBytes(claim: ClaimSpec): number {
  return quantityBytes(String(claim.resources?.requests?.storage ?? "0"));
}

function claimChangeProblems(old: KubeObject, spec: ClaimSpec): Cause[] {
  const before = (old["spec"] ?? {}) as ClaimSpec; // admitted on create
  const causes: Cause[] = [];
  const strip = ({ resources: _resources, volumeName: _volume, ...rest }: ClaimSpec): object => rest;
  if (!sameJson(strip(before), strip(spec)) || (before.volumeName && before.volumeName !== spec.volumeName)) {
    causes.push({
      reason: "FieldValueForbidden",
      message:
        "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
      field: "spec",
    });
  }
  if (storageBytes(spec) < storageBytes(before)) {
    causes.push({
      reason: "FieldValueForbidden",
      message: "Forbidden: field can not be less than status.capacity",
      field: "spec.resources.requests.storage",
    });
  }
  return causes;
}
