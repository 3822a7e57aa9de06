/** What spans nouns: capabilities, search, the audit trail. */
import { objectNouns } from "@kubev/api-types/object-catalog";
import type { Noun } from "@kubev/api-types/resource-ref";
import type { SearchHit } from "@kubev/api-types/search";
import { secretRights } from "../domain/secret-facts.ts";
import { everything, inScope, nothing } from "../access/rights.ts";
import type { Rights, Scope } from "../access/rights.ts";
import { projectScope } from "../inventory/projects.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import type { Noun as InventoryNoun } from "../inventory/noun.ts";
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

/** The best `limit` of the entries that hold every word. All are looked at: the best may be the last by name. */
async function hitsOf<E extends ListEntry, Row>(
  noun: InventoryNoun<E, Row>,
  rights: Rights,
  words: readonly string[],
  limit: number,
  hit: (entry: E) => SearchHit,
): Promise<Found[]> {
  noun.flush();
  const scope = await noun.scope(rights);
  const byRank: Found[][] = [[], [], [], []];
  for (const entry of noun.index.ordered("name").entries) {
    if (!isVisible(entry, scope)) continue;
    if (noun.definition.leftOut?.test(entry) === true) continue;
    const haystack = noun.definition.haystack(entry);
    if (!words.every((word) => haystack.includes(word))) continue;
    const made = hit(entry);
    const rank = rankOf(made.title.toLowerCase(), words[0] ?? "");
    const alike = byRank[rank];
    if (alike !== undefined && alike.length < limit) alike.push({ hit: made, rank });
    if (rank === 0 && alike?.length === limit) break;
  }
  return byRank.flat().slice(0, limit);
}

const anything = { verb: "*", group: "*", resource: "*", subresource: "" };

export function overviewOperations(services: Services) {
  const { nouns, endpoint } = services;
  const cluster = endpoint.id;
  return {
    getCapabilities: {
      access: "session",
      handle: async ({ caller }) => {
        return services.capabilities.reply(caller.rights, await projectScope(caller.rights));
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
        const groups = await Promise.all([
          hitsOf(nouns.vms, rights, words, limit, (entry) => ({
            ref: {
              cluster,
              noun: "virtual-machine",
              project: entry.project,
              name: entry.vm.name,
              uid: entry.uid,
            },
            title: entry.vm.name,
            detail: [entry.project, ...(entry.instance?.ips.slice(0, 1) ?? [])].join(" · "),
            tone: entry.state.tone,
          })),
          hitsOf(nouns.projects, rights, words, limit, (entry) => ({
            ref: { cluster, noun: "project", name: entry.record.name, uid: entry.uid },
            title: entry.record.name,
            detail: entry.record.displayName,
          })),
          hitsOf(nouns.images, rights, words, limit, (entry) => ({
            ref: { cluster, noun: "image", project: entry.project, name: entry.image.name, uid: entry.uid },
            title: entry.image.displayName || entry.image.name,
            detail: entry.project,
            tone: entry.state.tone,
          })),
          hitsOf(nouns.disks, rights, words, limit, (entry) => ({
            ref: { cluster, noun: "disk", project: entry.project, name: entry.name, uid: entry.uid },
            title: entry.name,
            detail: [entry.project, ...(inScope(machines, entry.project) ? entry.usedBy : [])].join(" · "),
            tone: entry.state.tone,
          })),
          hitsOf(nouns.hosts, rights, words, limit, (entry) => ({
            ref: { cluster, noun: "host", name: entry.host.name, uid: entry.uid },
            title: entry.host.name,
            detail: entry.host.ip,
            tone: entry.state.tone,
          })),
          hitsOf(nouns.subnets, rights, words, limit, ({ subnet, uid, state }) => ({
            ref: { cluster, noun: "subnet", name: subnet.name, uid },
            title: subnet.name,
            detail: [subnet.vpc, ...subnet.cidrs].join(" · "),
            tone: state.tone,
          })),
          hitsOf(nouns.vpcs, rights, words, limit, ({ vpc, uid, state }) => ({
            ref: { cluster, noun: "vpc", name: vpc.name, uid },
            title: vpc.name,
            detail: "",
            tone: state.tone,
          })),
          // subnets and VPCs were looked up above, with what tenants see of them
          ...objectNouns
            .filter((noun) => noun !== "subnet" && noun !== "vpc")
            .map(async (noun) =>
              hitsOf(nouns[noun], rights, words, limit, ({ record, uid }) => ({
                ref: {
                  cluster,
                  noun,
                  ...(record.namespace === "" ? {} : { project: record.namespace }),
                  name: record.name,
                  uid,
                },
                title: record.name,
                detail: record.namespace,
                tone: record.state.tone,
              })),
            ),
        ]);
        return {
          hits: groups
            .flat()
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
        const [vms, images, disks, hosts, subnets, vpcs, projects, secrets, all, catalogued] =
          await Promise.all([
            nouns.vms.scope(rights),
            nouns.images.scope(rights),
            nouns.disks.scope(rights),
            nouns.hosts.scope(rights),
            nouns.subnets.scope(rights),
            nouns.vpcs.scope(rights),
            projectScope(rights),
            rights.scope(secretRights.list),
            rights.can(anything, ""),
            Promise.all(objectNouns.map(async (noun) => [noun, await nouns[noun].scope(rights)] as const)),
          ]);
        return services.audit.list(query, {
          userName: caller.session.person.userName,
          scopes: new Map<Noun, Scope>([
            ...catalogued,
            ["virtual-machine", vms],
            ["snapshot", vms],
            ["image", images],
            ["disk", disks],
            ["host", hosts],
            ["subnet", subnets],
            ["vpc", vpcs],
            ["project", projects],
            ["secret", secrets],
            ["session", vms.all ? everything : nothing],
            // nobody can say who may see an object of any kind, but whoever may see all
            ["object", all ? everything : nothing],
          ]),
          seesSources: vms.all,
        });
      },
    },
  } satisfies Partial<Operations>;
}
