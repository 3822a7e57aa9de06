/** Secrets of a project, read and written as the caller. None is kept; a value goes out only when it is asked for by its key. */
import type { Warning } from "@kubev/api-types/list-query";
import type { SecretCreate, SecretRow } from "@kubev/api-types/secrets";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import type { RawSecret } from "../domain/secret-facts.ts";
import { keyFactsOf, secretActions, secretRights, sortOf, valueInClear } from "../domain/secret-facts.ts";
import {
  fieldOfCause,
  keysOfForm,
  publicKeyProblems,
  secretManifest,
  secretPatch,
} from "../domain/secret-manifests.ts";
import { usesByItself } from "../domain/secret-uses.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import { isStale, KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import { namedTwice } from "../objects/named-twice.ts";
import type { Operations } from "./operation.ts";
import { readPages } from "./paged-read.ts";
import { type SecretUses, usesIn } from "./secret-uses-read.ts";

const mostSecrets = 500;
const noUses: SecretUses = { bySecret: new Map(), warnings: [] };

type Held = Parameters<typeof secretActions>[1];

/** A secret without its values; what is read of them ends here. */
function rowOf(raw: RawSecret, may: Held, project: string): SecretRow {
  const { metadata } = raw;
  return {
    project,
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    createdAt: metadata?.creationTimestamp ?? "",
    sort: sortOf(raw),
    type: raw.type ?? "Opaque",
    keys: Object.keys(raw.data ?? {}).toSorted(),
    usedBy: usesByItself(raw),
    actions: secretActions(raw, may, project),
  };
}

function withUses(row: SecretRow, { bySecret }: SecretUses): SecretRow {
  const all = [...row.usedBy, ...(bySecret.get(row.name) ?? [])];
  const byName = new Map(all.map((use) => [`${use.kind}/${use.name}`, use]));
  return { ...row, usedBy: [...byName.values()] };
}

async function held(caller: Caller, project: string) {
  return (await caller.rights.table(secretRights, [project])).get(project);
}

/** Of one secret: roles may name it. */
async function heldOf(caller: Caller, project: string, name: string): Promise<Held> {
  const { show, edit, delete: remove } = secretRights;
  const rights = { show: { ...show, name }, edit: { ...edit, name }, delete: { ...remove, name } };
  return (await caller.rights.table(rights, [project])).get(project);
}

/**
 * What the secret's own state forbids is not done, as the page says; a missing right the cluster tells in its own words.
 * @throws ApiProblem with the reason that the page shows
 */
async function requireAction(caller: Caller, project: string, name: string, action: "edit" | "delete") {
  const raw = await caller.client
    .json<RawSecret>(objectPath(types.secret, name, project))
    .catch((error: unknown) => {
      // who may change it without reading it is told by the cluster what else stands against it
      if (error instanceof KubeError && error.status === 403) return {};
      throw error;
    });
  const decision = secretActions(raw, undefined, project)[action];
  if (!decision.allowed && decision.reason.code !== "no-permission")
    throw new ApiProblem("conflict", { reason: decision.reason });
}

/** @throws ApiProblem with the cluster's words at the field that they are about */
function refusal(error: unknown, entries: readonly { key: string; value: string }[], path: string): unknown {
  if (!(error instanceof KubeError)) return error;
  if (error.reason === "AlreadyExists")
    return new ApiProblem("already-exists", { fields: [{ path: "name", reason: reasonOf("name-taken") }] });
  if (isStale(error)) return new ApiProblem("conflict", { reason: reasonOf("changed-meanwhile") });
  return problemOfKubeError(error, (field) => fieldOfCause(field, entries, path));
}

const entriesOf = (form: SecretCreate) => (form.kind === "opaque" ? form.entries : []);

export const secretOperations = {
  listSecrets: {
    access: "session",
    handle: async ({ caller, params: { project }, query, signal }) => {
      const may = await held(caller, project);
      const { kept, cut } = await readPages<RawSecret, SecretRow>(
        caller,
        collectionPath(types.secret, project),
        {
          atMost: mostSecrets,
          // each may be a mebibyte, and only its outline is kept
          pageSize: 8,
          signal,
          keep: (raw) => [rowOf(raw, may, project)],
        },
      );
      const uses = query.uses === "true" ? await usesIn(caller, project, signal) : noUses;
      const warnings: Warning[] = [
        ...(cut ? [{ reason: reasonOf("result-cut", { limit: mostSecrets }) }] : []),
        ...uses.warnings,
      ];
      return {
        secrets: kept.map((row) => withUses(row, uses)).toSorted((a, b) => a.name.localeCompare(b.name)),
        create:
          may?.create === true
            ? allowed
            : denied("no-permission", { verb: "create", resource: "secrets", project }),
        warnings,
      };
    },
  },
  getSecret: {
    access: "session",
    handle: async ({ caller, params: { project, name }, signal }) => {
      const raw = await caller.client.json<RawSecret>(objectPath(types.secret, name, project), { signal });
      const [may, uses] = await Promise.all([heldOf(caller, project, name), usesIn(caller, project, signal)]);
      return {
        row: withUses(rowOf(raw, may, project), uses),
        resourceVersion: raw.metadata?.resourceVersion ?? "",
        keys: keyFactsOf(raw),
        warnings: uses.warnings,
      };
    },
  },
  createSecret: {
    access: "session",
    status: 201,
    audit: ({ params: { project }, body }) => ({
      action: "create",
      noun: "secret",
      project,
      name: body.name,
      diff: [
        { path: "/kind", new: body.kind },
        { path: "/keys", new: keysOfForm(body) },
      ],
    }),
    handle: async ({ caller, params: { project }, body }) => {
      const fields =
        body.kind === "ssh-keys"
          ? publicKeyProblems(body.publicKeys)
          : namedTwice(
              entriesOf(body).map(({ key }) => key),
              (index) => `entries.${index}.key`,
            );
      if (fields.length > 0) throw new ApiProblem("invalid", { fields });
      try {
        await caller.client.done(collectionPath(types.secret, project), {
          method: "POST",
          query: { fieldValidation: "Strict" },
          body: secretManifest(project, body),
        });
      } catch (error) {
        throw refusal(error, entriesOf(body), "entries");
      }
      return { name: body.name };
    },
  },
  editSecret: {
    access: "session",
    audit: ({ params: { project, name }, body }) => ({
      action: "update",
      noun: "secret",
      project,
      name,
      diff: [
        ...body.set.map(({ key }) => ({ path: `/keys/${key}`, new: "set" })),
        ...body.remove.map((key) => ({ path: `/keys/${key}`, new: "removed" })),
      ],
    }),
    handle: async ({ caller, params: { project, name }, body: { resourceVersion, set, remove } }) => {
      const fields = namedTwice([...remove, ...set.map(({ key }) => key)], (index) =>
        index < remove.length ? `remove.${index}` : `set.${index - remove.length}.key`,
      );
      if (fields.length > 0) throw new ApiProblem("invalid", { fields });
      await requireAction(caller, project, name, "edit");
      try {
        await caller.client.done(objectPath(types.secret, name, project), {
          method: "PATCH",
          contentType: "application/merge-patch+json",
          query: { fieldValidation: "Strict" },
          body: secretPatch(resourceVersion, set, remove),
        });
      } catch (error) {
        throw refusal(error, set, "set");
      }
      return null;
    },
  },
  deleteSecret: {
    access: "session",
    audit: ({ params: { project, name } }) => ({ action: "delete", noun: "secret", project, name, diff: [] }),
    handle: async ({ caller, params: { project, name }, query: { uid } }) => {
      await requireAction(caller, project, name, "delete");
      await caller.client.done(objectPath(types.secret, name, project), {
        method: "DELETE",
        body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } },
      });
      return null;
    },
  },
  showSecretValue: {
    access: "session",
    audit: ({ params: { project, name }, body }) => ({
      action: "show",
      noun: "secret",
      project,
      name,
      diff: [{ path: "/key", new: body.key }],
    }),
    handle: async ({ caller, params: { project, name }, body: { key }, signal }) => {
      const raw = await caller.client.json<RawSecret>(objectPath(types.secret, name, project), { signal });
      const value = Object.entries(raw.data ?? {}).find(([one]) => one === key)?.[1];
      if (value === undefined) throw notFound();
      return valueInClear(value);
    },
  },
} satisfies Partial<Operations>;
