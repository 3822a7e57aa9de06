/** Projects, catalogued objects, workloads and members. */
export const objectReasons = [
  // Projects.
  "project-is-system",
  "project-is-terminating",
  "project-not-empty",

  // Catalogued objects.
  "object-is-deleting",
  "deletion-waits", // finalizers: those that it waits for
  "secret-of-account", // the cluster keeps it
  "secret-no-ssh-keys", // name: it holds something else
  "secret-uses-unknown", // resource: may not be listed
  "secret-uses-cut", // resource, limit
  "security-group-missing", // name
  "security-group-not-applied",
  "security-group-pass-last-tier",
  "security-group-drops-rest",
  "security-group-sends-nothing",
  "security-group-rule-twice", // rule
  "security-group-order-open", // priority
  "service-no-machine", // name, project
  "load-balancer-waiting",

  // Workloads and members.
  "container-failing", // container, why
  "pod-failed", // why
  "pod-unschedulable", // the scheduler's words in upstreamText
  "pod-carries-machine", // name
  "pod-not-running",
  "shell-into-machine", // name
  "workload-stuck", // why
  "job-failed", // why
  "job-is-over",
  "quota-over", // resource
  "quota-full", // resource
  "named-twice", // name
  "last-admin", // project
  "workload-cannot", // kind
  "kind-not-served", // kind, apiVersion
  "project-needed", // kind
  "verb-not-served", // kind, verb
  "role-missing", // name
] as const;
