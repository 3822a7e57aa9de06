/** Makes a noun of a kind's rules: table, index, list, rights. What differs between nouns stays behind this interface. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectRow } from "@kubev/api-types/objects";
import type { Rights } from "../access/rights.ts";
import type { Scope } from "../access/scope.ts";
import type { QueryField } from "../domain/query-language.ts";
import { allowed, denied } from "../domain/reasons.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { FeedStatus } from "../inventory/feed.ts";
import { type FeedTable, recordKey } from "../inventory/feed-table.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { ListIndex } from "../inventory/list-index.ts";
import { naturalKey, type SortValue } from "../inventory/sorted-entries.ts";
import type { Noun } from "../inventory/noun.ts";
import { vmScope } from "../inventory/vms.ts";
import type { RawObject } from "../inventory/raw.ts";
import { recordBase } from "../inventory/record-base.ts";
import { sharedState } from "../inventory/shared-state.ts";
import { sharedValues } from "../inventory/shared-text.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import type { ObjectKind, ObjectRecord, Related } from "./object-kind.ts";
import { objectKinds } from "./object-kinds.ts";

export interface ObjectEntry extends ListEntry {
  record: ObjectRecord;
  haystack: string;
}

/** A kind whose noun is only known at run time: its facts, details and specs are of its own shape. */
type AnyKind = Omit<
  ObjectKind<ObjectNoun>,
  "sort" | "fields" | "words" | "join" | "mayEdit" | "mayDelete" | "holderProject"
> & {
  sort?: Readonly<Record<string, (facts: unknown) => SortValue>>;
  fields?: Readonly<Record<string, QueryField<unknown>>>;
  words?(facts: unknown): readonly string[];
  holderProject?(facts: unknown): string;
  join?(record: ObjectRecord, related: Related, rights: Rights): Record<string, unknown>;
  mayEdit?(record: ObjectRecord): ReturnType<NonNullable<ObjectKind<ObjectNoun>["mayEdit"]>>;
  mayDelete?(
    record: ObjectRecord,
    related: Related,
  ): ReturnType<NonNullable<ObjectKind<ObjectNoun>["mayDelete"]>>;
};

export interface CataloguedNoun {
  noun: ObjectNoun;
  /** Kind as YAML spells it. */
  kind: string;
  apiVersion: string;
  type: ResourceType;
  feed: FeedStatus;
  table: FeedTable<ObjectRecord>;
  rules: AnyKind;
  list: Noun<ObjectEntry, ObjectRow>;
  /** Of an object as the cluster just answered with it, before a watch brings it. */
  entryOf(raw: RawObject): ObjectEntry;
  rights: Record<"list" | "get" | "create" | "update" | "delete", NeededRight>;
}

export function resourceTypeOf(noun: ObjectNoun): ResourceType {
  const { group, version, resource, namespaced } = objectCatalog[noun];
  return { group, version, plural: resource, namespaced };
}

export function openCataloguedNoun(
  noun: ObjectNoun,
  inventory: Inventory,
  cluster: string,
  related: () => Related,
): CataloguedNoun {
  const line = objectCatalog[noun];
  const type = resourceTypeOf(noun);
  const rules = objectKinds[noun] as unknown as AnyKind; // the feed of this noun hands its rules nothing but its own objects
  const recordOf = (raw: RawObject): ObjectRecord => {
    const base = recordBase(raw.metadata);
    const { state, facts } = rules.read(raw);
    return {
      namespace: base.namespace,
      name: base.name,
      uid: base.uid,
      createdAt: base.createdAt,
      deletion: base.deletion,
      labels: sharedValues(raw.metadata?.labels ?? {}),
      state: sharedState(base.deletion !== null ? { status: "deleting", tone: "working" } : state),
      facts,
    };
  };
  const { feed, table } = inventory.addTable(type, recordOf);
  const sorts = Object.entries(rules.sort ?? {}).map(
    ([key, value]) => [key, ({ record }: ObjectEntry) => value(record.facts)] as const,
  );
  const index = new ListIndex<ObjectEntry>({
    name: ({ record }) => naturalKey(record.name),
    project: ({ record }) => naturalKey(record.namespace),
    status: ({ record }) => record.state.status,
    created: ({ record }) => record.createdAt,
    ...Object.fromEntries(sorts),
  });
  /** One set for each project, shared by all that its people hold. */
  const holders = new Map<string, ReadonlySet<string>>();
  const openTo = (project: string) => {
    const known = holders.get(project) ?? new Set(project === "" ? [] : [project]);
    holders.set(project, known);
    return known;
  };
  const entryOf = (record: ObjectRecord): ObjectEntry => {
    const words = [record.name, record.namespace, ...(rules.words?.(record.facts) ?? [])];
    return {
      key: recordKey(record.namespace, record.name),
      uid: record.uid,
      project: record.namespace,
      ...(rules.holderProject === undefined ? {} : { openTo: openTo(rules.holderProject(record.facts)) }),
      record,
      haystack: words.join("\n").toLowerCase(),
    };
  };
  table.onChange((before, after) => {
    if (after === undefined) {
      if (before !== undefined) index.delete(recordKey(before.namespace, before.name));
      return;
    }
    index.set(entryOf(after));
  });
  const right = (verb: string): NeededRight => ({
    verb,
    group: line.group,
    resource: line.resource,
    subresource: "",
  });
  const rights = {
    list: right("list"),
    get: right("get"),
    create: right("create"),
    update: right("update"),
    delete: right("delete"),
  };
  const rowRights = { update: rights.update, delete: rights.delete };
  const ownFields = Object.entries(rules.fields ?? {}).map(
    ([key, field]): [string, QueryField<ObjectEntry>] => [key, overFacts(field)],
  );
  /** What belongs to a project's people is seen by those who see its machines. */
  const clusterScopeOf = async (asked: Rights): Promise<Scope> => {
    const listed = await asked.clusterScope(rights.list);
    if (listed.all || rules.holderProject === undefined) return listed;
    return { ...(await vmScope(asked)), names: listed.names };
  };
  const list: Noun<ObjectEntry, ObjectRow> = {
    name: noun,
    index,
    feeds: [feed],
    flush: () => {},
    definition: {
      defaultSort: "name",
      haystack: (entry) => entry.haystack,
      facet: ({ record }) => record.state.status,
      tone: ({ record }) => record.state.tone,
      fields: {
        name: { kind: "text", match: "contains", get: ({ record }) => record.name },
        project: { kind: "text", match: "equals", get: ({ record }) => record.namespace },
        status: { kind: "text", match: "equals", get: ({ record }) => record.state.status },
        label: { kind: "label", get: ({ record }) => record.labels },
        ...Object.fromEntries(ownFields),
      },
    },
    scope: async (asked) => (type.namespaced ? asked.scope(rights.list) : clusterScopeOf(asked)),
    rowMaker: async (asked, entries) => {
      const decided = await asked.decisions(
        rowRights,
        entries.map(({ record }) => ({ project: record.namespace, name: record.name })),
        () => true,
      );
      const refused = (verb: string, project: string) =>
        denied("no-permission", {
          verb,
          resource: line.resource,
          ...(project === "" ? {} : { project }),
        });
      return ({ record }) => {
        const project = record.namespace;
        const may = decided(project, record.name);
        return {
          ref: {
            cluster,
            noun,
            ...(project === "" ? {} : { project }),
            name: record.name,
            uid: record.uid,
          },
          name: record.name,
          project,
          state: record.state,
          facts: { ...record.facts, ...rules.join?.(record, related(), asked) } as ObjectRow["facts"], // the noun's own shape, whole
          labels: record.labels,
          createdAt: record.createdAt,
          actions: {
            edit:
              may?.update !== true
                ? refused("update", project)
                : record.deletion !== null
                  ? denied("object-is-deleting")
                  : (rules.mayEdit?.(record) ?? allowed),
            delete:
              may?.delete !== true
                ? refused("delete", project)
                : record.deletion !== null
                  ? denied("object-is-deleting")
                  : (rules.mayDelete?.(record, related()) ?? allowed),
          },
        };
      };
    },
  };
  return {
    noun,
    kind: line.kind,
    apiVersion: line.group === "" ? line.version : `${line.group}/${line.version}`,
    type,
    feed,
    table,
    rules,
    list,
    entryOf: (raw) => entryOf(recordOf(raw)),
    rights,
  };
}

/** A field of the facts as a field of the entry. */
function overFacts(field: QueryField<unknown>): QueryField<ObjectEntry> {
  switch (field.kind) {
    case "text":
      return { ...field, get: ({ record }) => field.get(record.facts) };
    case "number":
    case "bytes":
      return { ...field, get: ({ record }) => field.get(record.facts) };
    case "label":
      return { ...field, get: ({ record }) => field.get(record.facts) };
  }
}
