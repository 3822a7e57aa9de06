/** What is wrong with a pod or a template of pods, and with a change of a pod. Source: pkg/apis/core/validation. */
import { sameJson } from "../store/json-equality.ts";
import { type Container, containersProblems } from "./container-problems.ts";
import { type Cause, forbiddenField, invalidValue, required, unsupported } from "./field-causes.ts";
import { labelsProblems } from "./label-selector-problems.ts";
import { annotationsProblems } from "./metadata-problems.ts";
import { labelProblems, qualifiedNameProblems, rangeText, subdomainProblems } from "./name-formats.ts";
import { withPodDefaults } from "./pod-defaults.ts";
import { type Volume, volumesProblems } from "./volume-problems.ts";

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  restartPolicy?: string;
  dnsPolicy?: string;
  nodeSelector?: Record<string, string>;
  nodeName?: string;
  hostname?: string;
  subdomain?: string;
  serviceAccountName?: string;
  priorityClassName?: string;
  activeDeadlineSeconds?: number;
  tolerations?: Toleration[];
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: PodSpec;
}

const MAX_INT32 = 2_147_483_647;
const RESTARTS = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

export function podSpecProblems(spec: PodSpec, at: string): Cause[] {
  const { containers = [], initContainers = [], restartPolicy = "Always", dnsPolicy = "ClusterFirst" } = spec;
  const { causes, sound } = volumesProblems(spec.volumes ?? [], `${at}.volumes`);
  if (containers.length === 0) causes.push(required(`${at}.containers`));
  causes.push(...containersProblems(containers, sound, `${at}.containers`));
  const taken = containers.map(({ name = "" }) => name);
  causes.push(...containersProblems(initContainers, sound, `${at}.initContainers`, taken));
  if (!RESTARTS.includes(restartPolicy))
    causes.push(unsupported(`${at}.restartPolicy`, restartPolicy, RESTARTS));
  if (!DNS_POLICIES.includes(dnsPolicy)) causes.push(unsupported(`${at}.dnsPolicy`, dnsPolicy, DNS_POLICIES));
  causes.push(...labelsProblems(spec.nodeSelector, `${at}.nodeSelector`));
  const named = (field: string, problemsOf: (value: string) => string[]): void => {
    const value = spec[field];
    if (typeof value === "string" && value !== "")
      causes.push(...problemsOf(value).map((problem) => invalidValue(`${at}.${field}`, value, problem)));
  };
  named("serviceAccountName", subdomainProblems);
  named("nodeName", subdomainProblems);
  const deadline = spec.activeDeadlineSeconds ?? 1;
  if (deadline < 1 || deadline > MAX_INT32)
    causes.push(invalidValue(`${at}.activeDeadlineSeconds`, deadline, rangeText(1, MAX_INT32)));
  named("hostname", labelProblems);
  named("subdomain", labelProblems);
  causes.push(...tolerationsProblems(spec.tolerations ?? [], `${at}.tolerations`));
  named("priorityClassName", subdomainProblems);
  return causes;
}

export function podTemplateProblems({ metadata = {}, spec = {} }: PodTemplate, at: string): Cause[] {
  return [
    ...labelsProblems(metadata.labels, `${at}.labels`),
    ...annotationsProblems(metadata.annotations, `${at}.annotations`),
    ...podSpecProblems(spec, `${at}.spec`),
  ];
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

function tolerationsProblems(tolerations: readonly Toleration[], at: string): Cause[] {
  return tolerations.flatMap(
    ({ key = "", operator = "", value = "", effect = "", tolerationSeconds }, index) => {
      const here = `${at}[${index}]`;
      const wrong = (field: string, shown: unknown, text: string): Cause =>
        invalidValue(`${here}.${field}`, shown, text);
      const causes =
        key === "" ? [] : qualifiedNameProblems(key).map((problem) => wrong("key", key, problem));
      if (key === "" && operator !== "Exists") {
        const text =
          'operator must be Exists when `key` is empty, which means "match all values and all keys"';
        causes.push(wrong("operator", operator, text));
      }
      if (tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== "NoExecute")
        causes.push(wrong("effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
      if (!["", "Equal", "Exists"].includes(operator))
        causes.push(unsupported(`${here}.operator`, operator, ["Equal", "Exists"]));
      if (operator === "Exists" && value !== "")
        causes.push(wrong("operator", tolerations[index], "value must be empty when `operator` is 'Exists'"));
      if (effect !== "" && !EFFECTS.includes(effect))
        causes.push(unsupported(`${here}.effect`, effect, EFFECTS));
      return causes;
    },
  );
}

/** Without what counts as not given. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([field, inner]) => [field, bare(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isNothing(inner)));
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

const withoutSeconds = ({ tolerationSeconds: _seconds, ...rest }: Toleration): object => rest;

const CHANGEABLE =
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** Both with their defaults. Source: ValidatePodUpdate; the words with which Go shows the difference are not there. */
export function podChangeProblems(spec: PodSpec, old: PodSpec): Cause[] {
  for (const field of ["containers", "initContainers"] as const)
    if ((spec[field] ?? []).length !== (old[field] ?? []).length)
      return [forbiddenField(`spec.${field}`, "pod updates may not add or remove containers")];
  const causes: Cause[] = [];
  const { activeDeadlineSeconds: deadline, tolerations = [] } = spec;
  const before = old.activeDeadlineSeconds;
  const at = "spec.activeDeadlineSeconds";
  if (deadline !== undefined && before !== undefined && before < deadline)
    causes.push(invalidValue(at, deadline, "must be less than or equal to previous value"));
  if (deadline === undefined && before !== undefined)
    causes.push(invalidValue(at, null, "must not update from a positive integer to nil value"));
  const isKept = (toleration: Toleration): boolean =>
    tolerations.some((one) => sameJson(withoutSeconds(one), withoutSeconds(toleration)));
  if (!(old.tolerations ?? []).every(isKept))
    causes.push(
      forbiddenField(
        "spec.tolerations",
        "existing toleration can not be modified except its tolerationSeconds",
      ),
    );
  const images = (given: Container[] | undefined, kept: Container[] | undefined) =>
    given?.map((container, index) => ({ ...container, image: kept?.[index]?.image }));
  const unchanged = {
    ...spec,
    containers: images(spec.containers, old.containers),
    initContainers: images(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: before,
    tolerations: old.tolerations,
    schedulingGates: old["schedulingGates"],
    // told by the server, and known from before where a replacement leaves them out
    priority: spec["priority"] ?? old["priority"],
    preemptionPolicy: spec["preemptionPolicy"] ?? old["preemptionPolicy"],
    enableServiceLinks: spec["enableServiceLinks"] ?? old["enableServiceLinks"],
    serviceAccount: old["serviceAccount"],
  };
  if (!sameJson(bare(withPodDefaults(unchanged)), bare(withPodDefaults({ ...old }))))
    causes.push(forbiddenField("spec", `pod updates may not change fields other than ${CHANGEABLE}`));
  return causes;
}
