/** Jobs, and what starts them by the clock. */
import { allowed, denied, reasonOf } from "../../domain/reasons.ts";
import { conditionsOf, type RawCondition } from "../../domain/conditions.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { containersOfTemplate, deedsOf, type RawTemplate } from "./workload.ts";

type RawJob = RawObject<
  {
    completions: number;
    suspend: boolean;
    selector: { matchLabels?: Record<string, string> };
    template: RawTemplate;
  },
  {
    active: number;
    succeeded: number;
    failed: number;
    startTime: string;
    completionTime: string;
    conditions: RawCondition[];
  }
>;

export const jobKind: ObjectKind<"job", RawJob> = {
  noun: "job",
  read: ({ metadata, spec, status }) => {
    const ended = (type: string) =>
      status?.conditions?.find((one) => one.type === type && one.status === "True");
    const failed = ended("Failed");
    return {
      state:
        failed !== undefined
          ? {
              status: "failed",
              tone: "error",
              reason: reasonOf("job-failed", { why: failed.reason ?? "" }, failed.message),
            }
          : ended("Complete") !== undefined
            ? { status: "done", tone: "ok" }
            : spec?.suspend === true
              ? { status: "suspended", tone: "off" }
              : { status: "running", tone: "working" },
      facts: {
        completions: spec?.completions ?? 1,
        succeeded: status?.succeeded ?? 0,
        active: status?.active ?? 0,
        failed: status?.failed ?? 0,
        startedAt: status?.startTime ?? "",
        finishedAt: status?.completionTime ?? "",
        owner: metadata?.ownerReferences?.find((one) => one.kind === "CronJob")?.name ?? "",
        suspended: spec?.suspend === true,
      },
    };
  },
  sort: { started: ({ startedAt }) => startedAt },
  fields: { owner: { kind: "text", match: "equals", get: ({ owner }) => owner } },
  detail: async ({ metadata, spec, status }, _related, rights) => {
    const over = (status?.conditions ?? []).some(
      ({ type, status: value }) => (type === "Complete" || type === "Failed") && value === "True",
    );
    const decision = over ? denied("job-is-over") : allowed;
    return {
      selector: spec?.selector?.matchLabels ?? {},
      strategy: "",
      containers: containersOfTemplate(spec?.template),
      conditions: conditionsOf(status?.conditions),
      deeds: await deedsOf(
        "job",
        metadata?.namespace ?? "",
        rights,
        spec?.suspend === true ? { resume: decision } : { suspend: decision },
      ),
    };
  },
};

type RawCronJob = RawObject<
  {
    schedule: string;
    timeZone: string;
    suspend: boolean;
    concurrencyPolicy: string;
    jobTemplate: { spec?: { template?: RawTemplate } };
  },
  { active: unknown[]; lastScheduleTime: string }
>;

export const cronJobKind: ObjectKind<"cron-job", RawCronJob> = {
  noun: "cron-job",
  read: ({ spec, status }) => ({
    state: spec?.suspend === true ? { status: "suspended", tone: "off" } : present,
    facts: {
      schedule: spec?.schedule ?? "",
      timeZone: spec?.timeZone ?? "",
      suspended: spec?.suspend === true,
      active: status?.active?.length ?? 0,
      lastAt: status?.lastScheduleTime ?? "",
    },
  }),
  sort: { last: ({ lastAt }) => lastAt },
  detail: async ({ metadata, spec }, _related, rights) => ({
    selector: {},
    strategy: spec?.concurrencyPolicy ?? "Allow",
    containers: containersOfTemplate(spec?.jobTemplate?.spec?.template),
    conditions: [],
    deeds: await deedsOf("cron-job", metadata?.namespace ?? "", rights, {
      ...(spec?.suspend === true ? { resume: allowed } : { suspend: allowed }),
      run: allowed,
    }),
  }),
};
