/** Quotas of a project, and the limits of each thing in it. */
import { quantityOrZero } from "../../domain/quantity.ts";
import { reasonOf } from "../../domain/reasons.ts";
import type { Quantity, RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { namedTwice } from "../named-twice.ts";
import { present } from "../object-kind.ts";

type Quantities = Record<string, Quantity>;

type RawQuota = RawObject<
  { hard: Quantities; scopes: string[]; scopeSelector: unknown },
  { hard: Quantities; used: Quantities }
>;

/** From here on a person should know before he meets the limit. */
const nearPart = 0.9;

const nameOr = (field: string, rest: string) => (/metadata\.name|^name/.test(field) ? "name" : rest);

export const resourceQuotaKind: ObjectKind<"resource-quota", RawQuota> = {
  noun: "resource-quota",
  read: ({ spec, status }) => {
    const lines = Object.entries(spec?.hard ?? {})
      .map(([resource, hard]) => ({
        resource,
        hard: quantityOrZero(hard),
        used: quantityOrZero(status?.used?.[resource]),
      }))
      .toSorted((a, b) => a.resource.localeCompare(b.resource));
    // a quota may be set below what is used already: nothing is taken away then, and nothing new allowed
    const over = lines.find(({ hard, used }) => used > hard);
    const full = lines.find(({ hard, used }) => used >= hard && used > 0);
    const near = lines.some(({ hard, used }) => used >= hard * nearPart && used > 0);
    return {
      state:
        over !== undefined
          ? {
              status: "over",
              tone: "attention",
              reason: reasonOf("quota-over", { resource: over.resource }),
            }
          : full !== undefined
            ? {
                status: "full",
                tone: "attention",
                reason: reasonOf("quota-full", { resource: full.resource }),
              }
            : near
              ? { status: "near", tone: "attention" }
              : present,
      facts: { lines },
    };
  },
  detail: ({ spec }) => ({ scopes: spec?.scopes ?? [] }),
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      spec: {
        ...current?.spec,
        hard: Object.fromEntries(spec.hard.map(({ resource, amount }) => [resource, amount])),
      },
    }),
    spec: ({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      hard: Object.entries(spec?.hard ?? {}).map(([resource, amount]) => ({
        resource,
        amount: String(amount),
      })),
    }),
    problems: ({ hard }) =>
      namedTwice(
        hard.map(({ resource }) => resource),
        (i) => `hard.${i}.resource`,
      ),
    fieldOf: (field) => nameOr(field, "hard"),
  },
};

interface RawLimit {
  type?: string;
  min?: Quantities;
  max?: Quantities;
  default?: Quantities;
  defaultRequest?: Quantities;
  maxLimitRequestRatio?: Quantities;
}

type RawLimitRange = RawObject<{ limits: RawLimit[] }>;

const limitTypes = ["Container", "Pod", "PersistentVolumeClaim"] as const;

function linesOf({ spec }: RawLimitRange) {
  return (spec?.limits ?? []).flatMap((limit) => {
    const type = limitTypes.find((one) => one === limit.type) ?? "Container";
    const { min = {}, max = {}, default: byDefault = {}, defaultRequest = {} } = limit;
    const resources = new Set([min, max, byDefault, defaultRequest].flatMap((part) => Object.keys(part)));
    return [...resources].map((resource) => ({
      type,
      resource,
      min: String(min[resource] ?? ""),
      max: String(max[resource] ?? ""),
      defaultLimit: String(byDefault[resource] ?? ""),
      defaultRequest: String(defaultRequest[resource] ?? ""),
    }));
  });
}

export const limitRangeKind: ObjectKind<"limit-range", RawLimitRange> = {
  noun: "limit-range",
  read: (raw) => ({
    state: present,
    facts: {
      lines: linesOf(raw).length,
      types: [...new Set((raw.spec?.limits ?? []).map(({ type }) => type ?? ""))],
    },
  }),
  detail: (raw) => ({ lines: linesOf(raw) }),
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      spec: {
        limits: limitTypes.flatMap((type) => {
          const lines = spec.lines.filter((line) => line.type === type);
          if (lines.length === 0) return [];
          const part = (name: string, of: (line: (typeof lines)[number]) => string) => {
            const given = lines.filter((line) => of(line) !== "");
            return given.length === 0
              ? {}
              : { [name]: Object.fromEntries(given.map((line) => [line.resource, of(line)])) };
          };
          return [
            {
              type,
              ...part("min", ({ min }) => min),
              ...part("max", ({ max }) => max),
              ...(type === "Container"
                ? {
                    ...part("default", ({ defaultLimit }) => defaultLimit),
                    ...part("defaultRequest", ({ defaultRequest }) => defaultRequest),
                  }
                : {}),
            },
          ];
        }),
      },
    }),
    spec: (raw) => {
      const known = (raw.spec?.limits ?? []).every(
        ({ type, maxLimitRequestRatio }) =>
          limitTypes.some((one) => one === type) && maxLimitRequestRatio === undefined,
      );
      return known ? { name: raw.metadata?.name ?? "", lines: linesOf(raw) } : null;
    },
    problems: ({ lines }) =>
      namedTwice(
        lines.map(({ type, resource }) => `${type} ${resource}`),
        (i) => `lines.${i}.resource`,
      ),
    fieldOf: (field) => nameOr(field, "lines"),
  },
};
