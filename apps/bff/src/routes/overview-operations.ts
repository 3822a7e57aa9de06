/** What spans nouns: capabilities, search, the audit trail. */
import { objectNouns } from "@kubev/api-types/object-catalog";
import { noun } from "@kubev/api-types/resource-ref";
import type { SearchHit } from "@kubev/api-types/search";
import { type Scope, sees } from "../access/scope.ts";
import type { Rights } from "../access/rights.ts";
import { reasonOf } from "../domain/reasons.ts";
import { activityScope } from "../inventory/activity-scope.ts";
import { projectScope } from "../inventory/projects.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import type { Noun as InventoryNoun } from "../inventory/noun.ts";
import { turns } from "../kube/turns.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

interface Found {
  hit: SearchHit;
  rank: number;
}

/** 0: the name itself; 1: it begins so; 2: it has it somewhere; 3: something else of the entry has it. */
function rankOf(title: string, first: string): number {
  if (title === first) return 0;
  if (title.startsWith(first)) return 1;
  return title.includes(first) ? 2 : 3;
}

/** One noun to look through. */
interface LookUp {
  scope(rights: Rights): Promise<Scope>;
  /** The best `limit` of the entries that hold every word. All are looked at: the best may be the last by name. */
  hits(scope: Scope, words: readonly string[], limit: number): Found[];
}

/** `rest` is made of those alone that may be shown: thousands may hold the word. */
function lookUp<E extends ListEntry, Row>(
  noun: InventoryNoun<E, Row>,
  titleOf: (entry: E) => string,
  rest: (entry: E) => Omit<SearchHit, "title">,
): LookUp {
  const { definition, index } = noun;
  return {
    scope: async (rights) => noun.scope(rights),
    // never waits: the entries in their order change meanwhile
    hits: (scope, words, limit) => {
      noun.flush();
      const byRank: Found[][] = [[], [], [], []];
      for (const entry of index.ordered("name").entries) {
        if (!isVisible(entry, scope)) continue;
        if (definition.leftOut?.test(entry) === true) continue;
        const haystack = definition.haystack(entry);
        if (!words.every((word) => haystack.includes(word))) continue;
        const title = titleOf(entry);
        const rank = rankOf(title.toLowerCase(), words[0] ?? "");
        const alike = byRank[rank];
        if (alike === undefined || alike.length >= limit) continue;
        alike.push({ hit: { title, ...rest(entry) }, rank });
        if (rank === 0 && alike.length === limit) break;
      }
      return byRank.flat().slice(0, limit);
    },
  };
}

export function overviewOperations(services: Services) {
  const { nouns, endpoint } = services;
  const cluster = endpoint.id;
  return {
    getCapabilities: {
      access: "session",
      handle: async ({ caller }) => {
        const ofCluster = await services.capabilities.reply(caller.rights, await projectScope(caller.rights));
        const { sessions, audit } = services;
        return {
          ...ofCluster,
          database: [
            ...(sessions.downSinceMs === null ? [] : [reasonOf("store-down")]),
            ...(audit.waiting === 0 ? [] : [reasonOf("audit-in-log")]),
          ],
        };
      },
    },
    search: {
      access: "session",
      handle: async ({ caller: { rights }, query }) => {
        const words = query.q
          .toLowerCase()
          .split(/\s+/)
          .filter((word) => word !== "");
        if (words.length === 0) return { hits: [] };
        const { limit } = query;
        const machines = await nouns.vms.scope(rights);
        const lookUps: LookUp[] = [
          lookUp(
            nouns.vms,
            ({ vm }) => vm.name,
            ({ vm, project, uid, instance, state }) => ({
              ref: { cluster, noun: "virtual-machine", project, name: vm.name, uid },
              detail: [project, ...(instance?.ips.slice(0, 1) ?? [])].join(" · "),
              tone: state.tone,
            }),
          ),
          lookUp(
            nouns.projects,
            ({ record }) => record.name,
            ({ record, uid }) => ({
              ref: { cluster, noun: "project", name: record.name, uid },
              detail: record.displayName,
            }),
          ),
          lookUp(
            nouns.images,
            ({ image }) => image.displayName || image.name,
            ({ image, project, uid, state }) => ({
              ref: { cluster, noun: "image", project, name: image.name, uid },
              detail: project,
              tone: state.tone,
            }),
          ),
          lookUp(
            nouns.disks,
            ({ name }) => name,
            ({ name, project, uid, usedBy, state }) => ({
              ref: { cluster, noun: "disk", project, name, uid },
              detail: [project, ...usedBy.filter((vm) => sees(machines, project, vm))].join(" · "),
              tone: state.tone,
            }),
          ),
          lookUp(
            nouns.hosts,
            ({ host }) => host.name,
            ({ host, uid, state }) => ({
              ref: { cluster, noun: "host", name: host.name, uid },
              detail: host.ip,
              tone: state.tone,
            }),
          ),
          lookUp(
            nouns.subnets,
            ({ subnet }) => subnet.name,
            ({ subnet, uid, state }) => ({
              ref: { cluster, noun: "subnet", name: subnet.name, uid },
              detail: [subnet.vpc, ...subnet.cidrs].join(" · "),
              tone: state.tone,
            }),
          ),
          lookUp(
            nouns.vpcs,
            ({ vpc }) => vpc.name,
            ({ vpc, uid, state }) => ({
              ref: { cluster, noun: "vpc", name: vpc.name, uid },
              detail: "",
              tone: state.tone,
            }),
          ),
          // subnets and VPCs were looked up above, with what tenants see of them
          ...objectNouns
            .filter((noun) => noun !== "subnet" && noun !== "vpc")
            .map((noun) =>
              lookUp(
                nouns[noun],
                ({ record }) => record.name,
                ({ record, uid }) => ({
                  ref: {
                    cluster,
                    noun,
                    ...(record.namespace === "" ? {} : { project: record.namespace }),
                    name: record.name,
                    uid,
                  },
                  detail: record.namespace,
                  tone: record.state.tone,
                }),
              ),
            ),
        ];
        const scoped = await Promise.all(
          lookUps.map(async (one) => ({ one, scope: await one.scope(rights) })),
        );
        const found: Found[] = [];
        for (const { one, scope } of scoped) {
          if (turns.over) await turns.next();
          found.push(...one.hits(scope, words, limit));
        }
        return {
          hits: found
            .toSorted((a, b) => a.rank - b.rank)
            .slice(0, limit)
            .map(({ hit }) => hit),
        };
      },
    },
    listActivity: {
      access: "session",
      handle: async ({ caller, query }) => {
        const { rights } = caller;
        const [vms, ...scopes] = await Promise.all([
          nouns.vms.scope(rights),
          ...noun.options.map(async (one) => [one, await activityScope(nouns, one, rights)] as const),
        ]);
        return services.audit.list(query, {
          userName: caller.session.person.userName,
          scopes: new Map(scopes),
          seesSources: vms.all,
        });
      },
    },
  } satisfies Partial<Operations>;
}
