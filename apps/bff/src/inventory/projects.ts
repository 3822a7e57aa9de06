/** Projects as a noun. What a project is, and who may see one, is decided here and nowhere else: a namespace, for whoever
 *  may read it or list machines in it. */
import { projectRow, type ProjectRow } from "@kubev/api-types/projects";
import type { QuotaLine } from "@kubev/api-types/quota-line";
import type { Rights } from "../access/rights.ts";
import { type Scope, everything } from "../access/scope.ts";
import type { ProjectRecord, QuotaRecord } from "../domain/platform-records.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { consoleLabels } from "../domain/console-labels.ts";
import { allowed, denied } from "../domain/reasons.ts";
import { DirtyKeys } from "./dirty-keys.ts";
import { imageRights } from "./images.ts";
import type { Feeds } from "./inventory.ts";
import type { ListEntry } from "./list-index.ts";
import { ListIndex } from "./list-index.ts";
import { naturalKey } from "./sorted-entries.ts";
import type { ListDefinition } from "./list-query.ts";
import type { Noun } from "./noun.ts";
import { needsAttention, type VmEntry, type VmIndex } from "./vm-index.ts";
import { listVms } from "./vms.ts";

export interface ProjectEntry extends ListEntry {
  record: ProjectRecord;
  machines: { total: number; running: number; attention: number };
  quota: QuotaLine[];
  /** Belongs to the platform. */
  system: boolean;
  haystack: string;
}

const namespaceRight = (verb: string): NeededRight => ({
  verb,
  group: "",
  resource: "namespaces",
  subresource: "",
});
export const createProjectRight = namespaceRight("create");

/** Namespaces that belong to the platform: never deleted from here, and listed only when asked for. */
export function isSystemProject(name: string, labels: Readonly<Record<string, string>> = {}): boolean {
  if (labels[consoleLabels.project] === "true") return false;
  return (
    name === "default" ||
    name.startsWith("kube-") ||
    ["kubevirt", "cdi", "kube-ovn", "kubev-system", "local-path-storage"].includes(name)
  );
}

export async function projectScope(rights: Rights): Promise<Scope> {
  const [readable, machines] = await Promise.all([
    rights.scope(namespaceRight("get")),
    rights.scope(listVms),
  ]);
  if (readable.all || machines.all) return everything;
  // a role that names single machines says nothing of the project they lie in
  return { all: false, projects: readable.projects.union(machines.projects), names: readable.names };
}

/** The tightest line per resource over all quotas of a project. */
export function tightestQuota(quotas: readonly QuotaRecord[]): QuotaLine[] {
  const lines = new Map<string, QuotaLine>();
  for (const quota of quotas)
    for (const [resource, hard] of Object.entries(quota.hard)) {
      const used = quota.used[resource] ?? 0;
      const known = lines.get(resource);
      if (known === undefined || hard - used < known.hard - known.used)
        lines.set(resource, { resource, hard, used });
    }
  return [...lines.values()].toSorted((a, b) => a.resource.localeCompare(b.resource));
}

const definition: ListDefinition<ProjectEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.record.phase,
  leftOut: { unlessAskedFor: "system", test: (entry) => entry.system },
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => entry.record.name },
    system: { kind: "text", match: "equals", get: (entry) => String(entry.system) },
    project: { kind: "text", match: "equals", get: (entry) => entry.record.name },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.record.phase,
      known: projectRow.shape.phase.options,
    },
    label: { kind: "label", get: (entry) => entry.record.labels },
  },
};

export class ProjectIndex {
  readonly index = new ListIndex<ProjectEntry>({
    name: (entry) => naturalKey(entry.record.name),
    status: (entry) => entry.record.phase,
    created: (entry) => entry.record.createdAt,
  });
  readonly #feeds: Feeds;
  readonly #counts = new Map<string, { total: number; running: number; attention: number }>();
  readonly #dirty = new DirtyKeys((name) => this.#join(name));

  constructor(feeds: Feeds, vms: VmIndex) {
    this.#feeds = feeds;
    feeds.projects.table.onChange((before, after) => this.#dirty.mark((after ?? before)?.name ?? ""));
    feeds.quotas.table.onChange((before, after) => this.#dirty.mark((after ?? before)?.namespace ?? ""));
    vms.index.onChange((before, after) => {
      if (
        before !== undefined &&
        after !== undefined &&
        needsAttention(before) === needsAttention(after) &&
        before.state.status === after.state.status
      )
        return;
      if (before !== undefined) this.#count(before, -1);
      if (after !== undefined) this.#count(after, 1);
    });
  }

  #count(entry: VmEntry, by: 1 | -1): void {
    const counts = this.#counts.get(entry.project) ?? { total: 0, running: 0, attention: 0 };
    counts.total += by;
    if (entry.state.status === "Running" || entry.state.status === "Migrating") counts.running += by;
    if (needsAttention(entry)) counts.attention += by;
    this.#counts.set(entry.project, counts);
    this.#dirty.mark(entry.project);
  }

  flush(): void {
    this.#dirty.flush();
  }

  #join(name: string): void {
    const record = this.#feeds.projects.table.get("", name);
    if (record === undefined) {
      this.index.delete(name);
      return;
    }
    this.index.set({
      key: name,
      uid: record.uid,
      project: name,
      record,
      machines: { ...(this.#counts.get(name) ?? { total: 0, running: 0, attention: 0 }) },
      quota: tightestQuota(
        [...this.#feeds.quotas.table.values()].filter((quota) => quota.namespace === name),
      ),
      system: isSystemProject(name, record.labels),
      haystack: `${name}\n${record.displayName}\n${record.description}`.toLowerCase(),
    });
  }
}

export const listQuotas: NeededRight = {
  verb: "list",
  group: "",
  resource: "resourcequotas",
  subresource: "",
};
const rowRights = {
  createVirtualMachine: imageRights.createVirtualMachine,
  uploadImage: imageRights.upload,
  edit: namespaceRight("patch"),
  delete: namespaceRight("delete"),
  machines: listVms,
  quota: listQuotas,
} as const satisfies Record<string, NeededRight>;

export function projectNoun(
  feeds: Feeds,
  projects: ProjectIndex,
  vms: VmIndex,
  cluster: string,
): Noun<ProjectEntry, ProjectRow> {
  return {
    name: "projects",
    index: projects.index,
    definition,
    feeds: [feeds.projects],
    flush: () => {
      vms.flush();
      projects.flush();
    },
    scope: projectScope,
    rowMaker: async (rights, entries) => {
      const decided = await rights.decisions(
        rowRights,
        entries.map(({ project }) => ({ project, name: project })),
        ({ resource }) => resource === "namespaces",
      );
      return (entry) => {
        const { record } = entry;
        const may = decided(record.name, record.name);
        const decide = (key: "createVirtualMachine" | "uploadImage" | "edit" | "delete") => {
          if (may?.[key] !== true) {
            const { verb, resource } = rowRights[key];
            return denied("no-permission", { verb, resource, project: record.name });
          }
          if (record.phase === "Terminating" || record.deletion !== null)
            return denied("project-is-terminating");
          return key === "delete" && entry.system ? denied("project-is-system") : allowed;
        };
        return {
          ref: { cluster, noun: "project", name: record.name, uid: record.uid },
          name: record.name,
          displayName: record.displayName || record.name,
          description: record.description,
          phase: record.phase === "Terminating" ? "Terminating" : "Active",
          createdAt: record.createdAt,
          labels: { ...record.labels },
          virtualMachines: may?.machines === true ? entry.machines : null,
          quota: may?.quota === true ? entry.quota : null,
          actions: {
            createVirtualMachine: decide("createVirtualMachine"),
            uploadImage: decide("uploadImage"),
            edit: decide("edit"),
            delete: decide("delete"),
          },
        };
      };
    },
  };
}
