/** Workloads, and changes of them, that no API server takes. */
import type { Refusal } from "./refusal.ts";

const template = (spec: object = {}, app = "a"): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: "a", image: "a:1" }], ...spec },
});
const once = template({ restartPolicy: "Never" });
const selector = { matchLabels: { app: "a" } };

const refusal =
  (collection: string, base: object, olderCollection?: string) =>
  (what: string, spec: object, causes: string[], more: Partial<Refusal> = {}): Refusal => ({
    what,
    collection,
    object: { spec: { ...base, ...spec } },
    causes,
    ...(olderCollection === undefined ? {} : { olderCollection }),
    ...more,
  });

const deployment = refusal("apps/v1/deployments", { selector, template: template() });
const statefulSet = refusal("apps/v1/statefulsets", { selector, template: template(), serviceName: "s" });
const job = refusal("batch/v1/jobs", { template: once });
const cronJob = refusal(
  "batch/v1/cronjobs",
  { schedule: "* * * * *", jobTemplate: { spec: { template: once } } },
  "batch/v1beta1/cronjobs",
);

const NEGATIVE = "Invalid value: -1: must be greater than or equal to 0";
const FIXED_SET =
  "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const OLD_FIXED_SET = {
  before: 23,
  causes: [
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden",
  ],
};

export const workloadRefusals: readonly Refusal[] = [
  deployment(
    "a template with two containers of one name",
    {
      template: template({
        containers: [
          { name: "a", image: "a" },
          { name: "a", image: "a" },
        ],
      }),
    },
    ['spec.template.spec.containers[1].name: Duplicate value: "a"'],
  ),
  deployment("a Deployment's numbers", { minReadySeconds: -1, revisionHistoryLimit: -1, replicas: -1 }, [
    `spec.replicas: ${NEGATIVE}`,
    `spec.minReadySeconds: ${NEGATIVE}`,
    `spec.revisionHistoryLimit: ${NEGATIVE}`,
  ]),
  deployment("a deadline before a pod counts", { minReadySeconds: 10, progressDeadlineSeconds: 5 }, [
    "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
  ]),
  deployment("how to recreate", { strategy: { type: "Recreate", rollingUpdate: {} } }, [
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ]),
  deployment(
    "a rollout that cannot go on",
    { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
    ["spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"],
    {
      older: {
        before: 24,
        causes: [
          'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:""}: may not be 0 when `maxSurge` is 0',
        ],
      },
    },
  ),
  deployment(
    "a selector's operator",
    {
      selector: { matchExpressions: [{ key: "app", operator: "In", values: [] }] },
    },
    [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
    {
      older: {
        before: 24,
        causes: [
          "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
          'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:"app", Operator:"In", Values:[]string{}}}}: invalid label selector',
        ],
      },
    },
  ),
  statefulSet("how pods are managed", { podManagementPolicy: "Wild" }, [
    "spec.podManagementPolicy: Invalid value: \"Wild\": must be 'OrderedReady' or 'Parallel'",
  ]),
  statefulSet("a StatefulSet's service", {}, [FIXED_SET], {
    changed: { spec: { serviceName: "t" } },
    older: OLD_FIXED_SET,
  }),
  statefulSet("a StatefulSet's replicas", {}, [], { changed: { spec: { replicas: 3 } } }),
  job("a Job's numbers", { parallelism: -1, backoffLimit: -1 }, [
    `spec.parallelism: ${NEGATIVE}`,
    `spec.backoffLimit: ${NEGATIVE}`,
  ]),
  job("a Job whose pods always run", { template: template() }, [
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ]),
  job("a Job's completions", {}, ["spec.completions: Invalid value: 3: field is immutable"], {
    changed: { spec: { completions: 3 } },
  }),
  job("a Job's parallelism", {}, [], { changed: { spec: { parallelism: 3 } } }),
  cronJob(
    "a schedule of one field",
    { schedule: "x" },
    ['spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]'],
    {
      older: {
        before: 22,
        causes: ['spec.schedule: Invalid value: "x": Expected exactly 5 fields, found 1: x'],
      },
    },
  ),
  cronJob(
    "a minute that is none",
    { schedule: "60 * * * *" },
    ['spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60'],
    {
      older: {
        before: 22,
        causes: ['spec.schedule: Invalid value: "60 * * * *": End of range (60) above maximum (59): 60'],
      },
    },
  ),
  cronJob("no schedule", { schedule: "" }, ["spec.schedule: Required value"]),
  cronJob("schedules in words", { schedule: "*/5 0-12/2 1,15 JAN-mar ?" }, []),
  cronJob("two at once", { concurrencyPolicy: "Maybe", failedJobsHistoryLimit: -1 }, [
    'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
    `spec.failedJobsHistoryLimit: ${NEGATIVE}`,
  ]),
];
