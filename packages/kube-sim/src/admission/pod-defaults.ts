/** What a pod's fields count as where they are not given. Source: pkg/apis/core/v1/defaults.go. */
type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const each = (list: unknown, change: (item: Json) => Json): unknown =>
  Array.isArray(list) ? list.map((item: unknown) => (isJson(item) ? change(item) : item)) : list;

/** Sets `change(value)` where the field is there. */
function within(object: Json, field: string, change: (value: Json) => Json): Json {
  const value = object[field];
  return isJson(value) ? { ...object, [field]: change(value) } : object;
}

function withProbeDefaults(probe: Json): Json {
  const http = within(probe, "httpGet", (get) => ({ path: "/", scheme: "HTTP", ...get }));
  return { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3, ...http };
}

/** Without a tag, or with the tag `latest`, an image is pulled each time. */
function pullPolicyOf(image: unknown): string {
  if (typeof image !== "string") return "IfNotPresent";
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

function withContainerDefaults(container: Json): Json {
  let next: Json = {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicyOf(container["image"]),
    resources: {},
    ...container,
  };
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"])
    next = within(next, probe, withProbeDefaults);
  if (next["ports"] !== undefined)
    next["ports"] = each(next["ports"], (port) => ({ protocol: "TCP", ...port }));
  if (next["env"] !== undefined) {
    next["env"] = each(next["env"], (variable) =>
      within(variable, "valueFrom", (from) =>
        within(from, "fieldRef", (reference) => ({ apiVersion: "v1", ...reference })),
      ),
    );
  }
  return within(next, "resources", withRequestsOfLimits);
}

/** What is limited and not asked for is asked for up to its limit. */
function withRequestsOfLimits(resources: Json): Json {
  const limits = resources["limits"];
  if (!isJson(limits)) return resources;
  const requests = isJson(resources["requests"]) ? resources["requests"] : {};
  return { ...resources, requests: { ...limits, ...requests } };
}

function withVolumeDefaults(volume: Json): Json {
  let next = volume;
  for (const source of ["secret", "configMap", "downwardAPI", "projected"])
    next = within(next, source, (value) => ({ defaultMode: 420, ...value }));
  return within(next, "hostPath", (value) => ({ type: "", ...value }));
}

/** The spec of a pod, or of a template of pods. */
export function withPodDefaults(spec: Json): Json {
  const next: Json = {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    ...spec,
  };
  for (const field of ["containers", "initContainers"]) {
    if (next[field] !== undefined) next[field] = each(next[field], withContainerDefaults);
  }
  if (next["volumes"] !== undefined) next["volumes"] = each(next["volumes"], withVolumeDefaults);
  return next;
}
