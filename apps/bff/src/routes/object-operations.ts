/** Catalogued nouns: list, one, form with the cluster's dry run, text, events, deletion. Alike for all of object-catalog.ts. */
import type { FieldConflict, FieldError } from "@kubev/api-types/errors";
import { noProject, objectCatalog, objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import { objectShapes } from "@kubev/api-types/object-shapes";
import type { ObjectPreview } from "@kubev/api-types/objects";
import type { z } from "zod";
import { mergeFields } from "../domain/field-merge.ts";
import { maskObject, toYaml } from "../domain/object-text.ts";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import { secretRights } from "../domain/secret-facts.ts";
import { inScope, type Scope, touches } from "../access/scope.ts";
import { vmScope } from "../inventory/vms.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { fieldsOfZodError, problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import { recordKey } from "../inventory/feed-table.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import type { Noun } from "../inventory/noun.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { KubePath } from "../kube/kube-path.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { overNewest } from "../kube/over-newest.ts";
import type { ObjectEntry } from "../objects/catalogued-noun.ts";
import type { RawNamed } from "../objects/object-kind.ts";
import type { Services } from "../services.ts";
import { listReply } from "./list-reply.ts";
import { eventsOf } from "./object-events.ts";
import { auditDiff, checkText, readText, storeText } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";

const showWithinMs = 5000;
/** Events of cluster-scoped objects lie here. */
const clusterEventsProject = "default";

interface Place {
  noun: ObjectNoun;
  project: string;
}
type Named = Place & { name: string };
type Json = Record<string, unknown>;
type Raw = RawNamed & Json;
interface Draft {
  spec: Json;
  was?: Json | undefined;
}

/** The namespace of a place; a namespaced noun needs one, the others have none. */
function namespaceOf({ noun, project }: Place): string | undefined {
  if (objectCatalog[noun].namespaced === (project === noProject)) throw notFound();
  return project === noProject ? undefined : project;
}

const auditOf = (action: string, { noun, project, name }: Named, diff: Json[] = []) => ({
  action,
  noun,
  name,
  ...(project === noProject ? {} : { project }),
  diff: diff as { path: string; old?: unknown; new?: unknown }[], // made below in this form
});

/** Whether a noun's list has anything to show to whoever sees `scope`; over all projects it is the platform's page. */
function mayOpen(scope: Scope, namespaced: boolean, project: string | undefined): boolean {
  if (!namespaced) return touches(scope, "");
  return project === undefined ? scope.all : touches(scope, project);
}

export function objectOperations(services: Services) {
  const { nouns } = services;
  const { catalogue } = nouns;

  const pathOf = (named: Named): KubePath =>
    objectPath(catalogue[named.noun].type, named.name, namespaceOf(named));

  async function visible(caller: Caller, named: Named): Promise<ObjectEntry> {
    const key = recordKey(namespaceOf(named) ?? "", named.name);
    const entry = await visibleEntry(catalogue[named.noun].list, caller.rights, key);
    if (entry === undefined) throw notFound();
    return entry;
  }

  /** Tenants who may use a subnet or a VPC know it: its deletion is refused to them, and not said to be of nothing. */
  async function knownAs<E extends ListEntry, Row>(network: Noun<E, Row>, caller: Caller, named: Named) {
    const known = await visibleEntry(network, caller.rights, named.name);
    const entry = catalogue[named.noun].list.index.get(recordKey("", named.name));
    if (known === undefined || entry === undefined) throw notFound();
    return entry;
  }

  async function known(caller: Caller, named: Named): Promise<ObjectEntry> {
    if (named.noun === "subnet") return knownAs(nouns.subnets, caller, named);
    return named.noun === "vpc" ? knownAs(nouns.vpcs, caller, named) : visible(caller, named);
  }

  const rowOf = async (caller: Caller, noun: ObjectNoun, entry: ObjectEntry) =>
    (await catalogue[noun].list.rowMaker(caller.rights, [entry]))(entry);

  async function requireRight(
    caller: Caller,
    place: Place,
    verb: "create" | "update",
    name: string | undefined,
  ): Promise<void> {
    const right = catalogue[place.noun].rights[verb];
    const namespace = namespaceOf(place);
    if (!(await caller.rights.can(right, namespace ?? "", name)))
      throw new ApiProblem("forbidden", {
        reason: reasonOf("no-permission", {
          verb,
          resource: right.resource,
          ...(namespace === undefined ? {} : { project: namespace }),
        }),
      });
  }

  /** The form's content in the noun's own shape, or what is wrong with it. */
  function parseSpec(noun: ObjectNoun, spec: Json): { spec: Json } | { fields: FieldError[] } {
    const shape: z.ZodType | null = objectShapes[noun].spec;
    if (shape === null) throw new ApiProblem("bad-request");
    const parsed = shape.safeParse(spec);
    return parsed.success ? { spec: parsed.data as Json } : { fields: fieldsOfZodError(parsed.error) };
  }

  interface Prepared {
    fields: FieldError[];
    conflicts: FieldConflict[];
    manifest: Raw | null;
    current: Raw | null;
  }

  /** As the noun's shape writes it where it can, so that what was left out and its default are the same. */
  function normal(noun: ObjectNoun, spec: Json): Json {
    const parsed = parseSpec(noun, spec);
    return "spec" in parsed ? parsed.spec : spec;
  }

  /** The draft on top of what is stored now, where nobody else touched the same fields since the person began. */
  function overCurrent(noun: ObjectNoun, draft: Draft, spec: Json, current: Raw) {
    const { form } = catalogue[noun].rules;
    if (draft.was === undefined) throw new ApiProblem("bad-request");
    const theirs = form?.spec(current) as Json | null | undefined; // the form's own shape
    // it holds more by now than the form can show
    if (theirs === null || theirs === undefined)
      throw new ApiProblem("conflict", { reason: reasonOf("changed-meanwhile") });
    return mergeFields(normal(noun, draft.was), normal(noun, theirs), spec);
  }

  /** The object that a form makes; for a change, the person's own changes on top of what is stored now. */
  async function prepare(caller: Caller, place: Place, draft: Draft, name?: string): Promise<Prepared> {
    const { form } = catalogue[place.noun].rules;
    const parsed = parseSpec(place.noun, draft.spec);
    if (form === undefined) throw new ApiProblem("bad-request");
    const current = name === undefined ? null : await caller.client.json<Raw>(pathOf({ ...place, name }));
    const nothing = { conflicts: [], manifest: null, current };
    if ("fields" in parsed) return { ...nothing, fields: parsed.fields };
    const { merged, conflicts } =
      current === null
        ? { merged: parsed.spec, conflicts: [] }
        : overCurrent(place.noun, draft, parsed.spec, current);
    if (conflicts.length > 0) return { ...nothing, fields: [], conflicts };
    const whole = parseSpec(place.noun, merged);
    if ("fields" in whole) return { ...nothing, fields: whole.fields };
    const project = namespaceOf(place) ?? "";
    const given = whole.spec as never; // the noun's own shape made it
    const spec = form.complete?.(given, catalogue.related, project) ?? given;
    const manifest = form.manifest(spec, project, current) as Raw; // an object to store
    if (name !== undefined && manifest.metadata?.name !== name)
      return { ...nothing, fields: [{ path: "name", reason: reasonOf("field-invalid") }] };
    if (current !== null)
      manifest.metadata = { ...manifest.metadata, resourceVersion: current.metadata?.resourceVersion ?? "" };
    const fields = form.problems?.(spec, catalogue.related, project, current) ?? [];
    return { fields, conflicts, manifest, current };
  }

  const target = (place: Place, name: string | undefined) =>
    name === undefined
      ? { path: collectionPath(catalogue[place.noun].type, namespaceOf(place)), method: "POST" as const }
      : { path: pathOf({ ...place, name }), method: "PUT" as const };

  async function preview(caller: Caller, place: Place, draft: Draft, name?: string): Promise<ObjectPreview> {
    await requireRight(caller, place, name === undefined ? "create" : "update", name);
    const { rules } = catalogue[place.noun];
    const shown = async (manifest: Raw) => ({
      notes: (await rules.notes?.(manifest, catalogue.related, caller.rights)) ?? [],
      yaml: toYaml(maskObject(manifest).object),
      warnings: [],
    });
    return overNewest(
      async () => prepare(caller, place, draft, name),
      async ({ fields, conflicts, manifest }) => {
        if (manifest === null) return { ok: false, fields, conflicts, notes: [], yaml: "", warnings: [] };
        if (fields.length > 0) return { ok: false, fields, ...(await shown(manifest)) };
        const { path, method } = target(place, name);
        const { warnings } = await caller.client.jsonWithWarnings(path, {
          method,
          query: { dryRun: "All", fieldValidation: "Strict" },
          body: manifest,
        });
        return { ok: true, fields: [], ...(await shown(manifest)), warnings };
      },
      async (error, { manifest }) => {
        if (!(error instanceof KubeError) || error.status === 403 || error.status >= 500) throw error;
        return { ok: false, fields: refusalFields(place.noun, error), ...(await shown(manifest ?? {})) };
      },
    );
  }

  function refusalFields(noun: ObjectNoun, error: KubeError): FieldError[] {
    if (error.reason === "AlreadyExists")
      return [{ path: "name", reason: reasonOf("name-taken", undefined, error.message) }];
    const { form } = catalogue[noun].rules;
    const own = problemOfKubeError(error, (field) => form?.fieldOf(field) ?? null).details.fields ?? [];
    const whole = error.status === 409 ? "changed-meanwhile" : "upstream-refused";
    return own.length > 0 ? own : [{ path: "", reason: reasonOf(whole, undefined, error.message) }];
  }

  async function write(caller: Caller, place: Place, draft: Draft, name?: string) {
    await requireRight(caller, place, name === undefined ? "create" : "update", name);
    return overNewest(
      async () => prepare(caller, place, draft, name),
      async ({ fields, conflicts, manifest, current }) => {
        if (conflicts.length > 0)
          throw new ApiProblem("conflict", { reason: reasonOf("changed-meanwhile"), conflicts });
        if (manifest === null || fields.length > 0)
          throw new ApiProblem("invalid", { reason: fields[0]?.reason, fields });
        const { path, method } = target(place, name);
        const stored = await caller.client.json<Raw>(path, {
          method,
          query: { fieldValidation: "Strict" },
          body: manifest,
        });
        return { stored, current };
      },
      (error) => {
        if (!(error instanceof KubeError)) throw error;
        const { form } = catalogue[place.noun].rules;
        const problem = problemOfKubeError(error, (field) => form?.fieldOf(field) ?? null);
        if (error.status !== 409 && error.status !== 422) throw problem;
        throw new ApiProblem(
          problem.code,
          { ...problem.details, fields: refusalFields(place.noun, error) },
          error,
        );
      },
    );
  }

  return {
    listObjectNouns: {
      access: "session",
      handle: async ({ caller: { rights }, query: { project } }) => {
        const all = await Promise.all(
          objectNouns.map(async (noun) => {
            const { type, rights: needed, feed, rules } = catalogue[noun];
            if (feed.state === "absent") return [];
            const list =
              rules.holderProject !== undefined && project !== undefined
                ? inScope(await vmScope(rights), project)
                : mayOpen(await rights.readable(needed.list, type.namespaced), type.namespaced, project);
            return list ? [noun] : [];
          }),
        );
        const secrets = project !== undefined && (await rights.can(secretRights.list, project));
        return { nouns: all.flat(), secrets };
      },
    },
    getObjectNoun: {
      access: "session",
      handle: async ({ caller: { rights }, params: { noun }, query: { project } }) => {
        const { type, rights: needed } = catalogue[noun];
        const where = type.namespaced ? (project ?? "") : "";
        const decision = (verb: "list" | "create", may: boolean) =>
          may
            ? allowed
            : denied("no-permission", {
                verb,
                resource: needed[verb].resource,
                ...(where === "" ? {} : { project: where }),
              });
        const [scope, mayCreate] = await Promise.all([
          rights.readable(needed.list, type.namespaced),
          rights.can(needed.create, where),
        ]);
        return {
          list: decision("list", mayOpen(scope, type.namespaced, project)),
          create: decision("create", mayCreate),
        };
      },
    },
    listObjects: {
      access: "session",
      handle: async ({ caller, params, query }) =>
        listReply(catalogue[params.noun].list, caller.rights, query),
    },
    getObject: {
      access: "session",
      handle: async ({ caller, params }) => {
        const entry = await visible(caller, params);
        const { rules, rights: needed } = catalogue[params.noun];
        if (rules.holderProject !== undefined && !(await caller.rights.can(needed.get, "")))
          return {
            row: await rowOf(caller, params.noun, entry),
            notes: [],
            detail: {}, // what people see of what is theirs is all in the facts
            spec: null,
            resourceVersion: "",
          };
        const raw = await caller.client.json<Raw>(pathOf(params));
        return {
          row: await rowOf(caller, params.noun, entry),
          notes: (await rules.notes?.(raw, catalogue.related, caller.rights)) ?? [],
          detail: await rules.detail(raw, catalogue.related, caller.rights),
          spec: rules.form?.spec(raw) ?? null,
          resourceVersion: raw.metadata?.resourceVersion ?? "",
        };
      },
    },
    previewObject: {
      access: "session",
      handle: async ({ caller, params, body }) => preview(caller, params, body),
    },
    createObject: {
      access: "session",
      status: 201,
      audit: ({ params, body }) =>
        auditOf(
          "create",
          { ...params, name: typeof body.spec["name"] === "string" ? body.spec["name"] : "" },
          [{ path: "", new: body.spec }],
        ),
      handle: async ({ caller, params, body }) => {
        const { stored } = await write(caller, params, body);
        const { list } = catalogue[params.noun];
        const key = recordKey(namespaceOf(params) ?? "", stored.metadata?.name ?? "");
        // what is stored is stored, however late the watch tells it
        const entry = (await waitForEntry(list, key, showWithinMs)) ?? catalogue[params.noun].entryOf(stored);
        return rowOf(caller, params.noun, entry);
      },
    },
    previewObjectChange: {
      access: "session",
      handle: async ({ caller, params, body }) => preview(caller, params, body, params.name),
    },
    changeObject: {
      access: "session",
      audit: ({ params }) => auditOf("update", params),
      handle: async ({ caller, params, body, audit }) => {
        const { stored, current } = await write(caller, params, body, params.name);
        if (audit !== null && current !== null) audit.diff = auditDiff(current, stored);
        return rowOf(caller, params.noun, catalogue[params.noun].entryOf(stored));
      },
    },
    deleteObject: {
      access: "session",
      audit: ({ params }) => auditOf("delete", params),
      handle: async ({ caller, params }) => {
        const entry = await known(caller, params);
        const decision = (await rowOf(caller, params.noun, entry)).actions.delete;
        if (!decision.allowed && decision.reason.code !== "no-permission")
          throw new ApiProblem("conflict", { reason: decision.reason });
        await caller.client.json(pathOf(params), {
          method: "DELETE",
          body: { preconditions: { uid: entry.uid }, propagationPolicy: "Background" },
        });
        return null;
      },
    },
    getObjectYaml: {
      access: "session",
      handle: async ({ caller, params }) => readText(caller.client, pathOf(params)),
    },
    checkObjectYaml: {
      access: "session",
      handle: async ({ caller, params, body }) => checkText(caller.client, pathOf(params), body),
    },
    putObjectYaml: {
      access: "session",
      audit: ({ params }) => auditOf("edit", params),
      handle: async ({ caller, params, body, audit }) =>
        storeText(caller.client, pathOf(params), body, audit),
    },
    listObjectEvents: {
      access: "session",
      handle: async ({ caller, params }) => {
        await visible(caller, params);
        const where = namespaceOf(params) ?? clusterEventsProject;
        // names of RBAC may hold what parts a selector
        const name = params.name.replaceAll(/[,=]/g, "\\$&");
        return eventsOf(caller.client, where, [
          `involvedObject.kind=${objectCatalog[params.noun].kind},involvedObject.name=${name}`,
        ]);
      },
    },
  } satisfies Partial<Operations>;
}
