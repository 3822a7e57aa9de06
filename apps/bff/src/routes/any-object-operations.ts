/**
 * Objects of any kind that the cluster serves, as text. All is done as the caller, and the cluster alone decides: what it refuses is
 * shown in its words, which are the same for what is not there and for what he may not see.
 */
import { coreGroup, noProject } from "@kubev/api-types/object-catalog";
import type { ActionDecision } from "@kubev/api-types/reason";
import { nounOf, nounOfText } from "../domain/kind-nouns.ts";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import { notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { discover, type DiscoveredKind, kindsOfVersion } from "../kube/discovery.ts";
import { collectionPath, type KubePath, objectPath } from "../kube/kube-path.ts";
import { checkText, readText, storeText } from "./object-text-exchange.ts";
import type { AuditDraft, Operations } from "./operation.ts";
import { readPages } from "./paged-read.ts";

const mostObjects = 500;
/** Servers that cannot send outlines alone send whole objects. */
const pageSize = 100;
const verbs = ["get", "list", "update", "delete"] as const;
const outline = (kind: string) => `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;

interface KindPlace {
  group: string;
  version: string;
  plural: string;
}
type Named = KindPlace & { project: string; name: string };

interface Outline {
  metadata?: RawMeta & { creationTimestamp?: string };
}

/** The kind at a place of the cluster's URLs, by its own word: nothing else, and no subresource, is read under a kind's name. */
async function kindAt(caller: Caller, { group, version, plural }: KindPlace, signal?: AbortSignal) {
  const known = await kindsOfVersion(
    caller.client,
    { group: group === coreGroup ? "" : group, version },
    signal,
  );
  const found = known?.find((one) => one.plural === plural);
  if (found === undefined) throw notFound();
  return found;
}

async function placeOf(
  caller: Caller,
  { project, name, ...place }: Named,
  signal?: AbortSignal,
): Promise<{ type: DiscoveredKind; path: KubePath; namespace: string }> {
  const type = await kindAt(caller, place, signal);
  if (type.namespaced === (project === noProject)) throw notFound();
  const namespace = type.namespaced ? project : "";
  return { type, path: objectPath(type, name, namespace === "" ? undefined : namespace), namespace };
}

/** What the page offers. The cluster decides again when it is done. */
async function decisionOf(
  caller: Caller,
  type: DiscoveredKind,
  verb: "update" | "delete",
  at: { namespace: string; name: string },
): Promise<ActionDecision> {
  if (!type.verbs.includes(verb)) return denied("verb-not-served", { kind: type.kind, verb });
  const right = { verb, group: type.group, resource: type.plural, subresource: "", name: at.name };
  if (await caller.rights.can(right, at.namespace)) return allowed;
  return denied("no-permission", {
    verb,
    resource: type.plural,
    ...(at.namespace === "" ? {} : { project: at.namespace }),
  });
}

const kindInTrail = ({ group, version, plural }: KindPlace) => ({
  path: "/kind",
  new: `${group}/${version} ${plural}`,
});

/** The trail of a noun holds what is done here too, e.g. to a secret: whoever may see those reads it there. */
function nameNoun(audit: AuditDraft | null, { group, kind }: DiscoveredKind): void {
  if (audit === null) return;
  audit.noun = nounOf(group, kind) ?? "object";
  // a project's own row is its members' to read
  if (audit.noun === "project") audit.project = audit.name;
}

const auditOf = (action: string, named: Named): AuditDraft => ({
  action,
  noun: "object",
  name: named.name,
  ...(named.project === noProject ? {} : { project: named.project }),
  diff: [kindInTrail(named)],
});

export const anyObjectOperations = {
  listKinds: {
    access: "session",
    handle: async ({ caller, signal }) => {
      const { kinds, unread } = await discover(caller.client, signal);
      return {
        kinds: kinds
          .filter((one) => one.verbs.includes("list") && one.verbs.includes("get"))
          .map((one) => ({
            ...one,
            verbs: verbs.filter((verb) => one.verbs.includes(verb)),
            noun: nounOfText(one.group, one.kind) ?? null,
          }))
          .toSorted((a, b) => a.group.localeCompare(b.group) || a.kind.localeCompare(b.kind)),
        unread,
      };
    },
  },
  listAnyObjects: {
    access: "session",
    handle: async ({ caller, params, query: { project }, signal }) => {
      const type = await kindAt(caller, params, signal);
      if (!type.namespaced && project !== undefined) throw notFound();
      const { kept, cut } = await readPages<Outline, { project: string; name: string; createdAt: string }>(
        caller,
        collectionPath(type, project),
        {
          atMost: mostObjects,
          pageSize,
          accept: outline("PartialObjectMetadataList"),
          signal,
          keep: ({ metadata }) => [
            {
              project: metadata?.namespace ?? "",
              name: metadata?.name ?? "",
              createdAt: metadata?.creationTimestamp ?? "",
            },
          ],
        },
      );
      return {
        kind: type.kind,
        namespaced: type.namespaced,
        objects: kept,
        warnings: cut ? [{ reason: reasonOf("result-cut", { limit: mostObjects }) }] : [],
      };
    },
  },
  getAny: {
    access: "session",
    handle: async ({ caller, params, signal }) => {
      const { type, path, namespace } = await placeOf(caller, params, signal);
      const { metadata } = await caller.client.json<Outline>(path, {
        accept: outline("PartialObjectMetadata"),
        signal,
      });
      const at = { namespace, name: params.name };
      const [edit, remove] = await Promise.all([
        decisionOf(caller, type, "update", at),
        decisionOf(caller, type, "delete", at),
      ]);
      return {
        kind: type.kind,
        project: namespace,
        name: params.name,
        uid: metadata?.uid ?? "",
        createdAt: metadata?.creationTimestamp ?? "",
        actions: { edit, delete: remove },
      };
    },
  },
  deleteAny: {
    access: "session",
    audit: ({ params }) => auditOf("delete", params),
    handle: async ({ caller, params, query: { uid }, audit }) => {
      const { type, path } = await placeOf(caller, params);
      nameNoun(audit, type);
      await caller.client.done(path, {
        method: "DELETE",
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid },
          propagationPolicy: "Background",
        },
      });
      return null;
    },
  },
  getAnyYaml: {
    access: "session",
    handle: async ({ caller, params, signal }) =>
      readText(caller.client, (await placeOf(caller, params, signal)).path),
  },
  checkAnyYaml: {
    access: "session",
    handle: async ({ caller, params, body }) =>
      checkText(caller.client, (await placeOf(caller, params)).path, body),
  },
  putAnyYaml: {
    access: "session",
    audit: ({ params }) => auditOf("edit", params),
    handle: async ({ caller, params, body, audit }) => {
      const { type, path } = await placeOf(caller, params);
      nameNoun(audit, type);
      const reply = await storeText(caller.client, path, body, audit);
      if (audit !== null) audit.diff = [kindInTrail(params), ...audit.diff];
      return reply;
    },
  },
} satisfies Partial<Operations>;
