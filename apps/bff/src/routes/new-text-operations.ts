/** A new object of any kind that the cluster serves, from YAML: checked by the cluster's own dry run, then made, both as the caller. */
import type { YamlCheck } from "@kubev/api-types/object-yaml";
import type { ResourceRef } from "@kubev/api-types/resource-ref";
import { nounOf } from "../domain/kind-nouns.ts";
import { maskObject, parseObjectYaml, toYaml } from "../domain/object-text.ts";
import { reasonOf } from "../domain/reasons.ts";
import { lineOfPath } from "../domain/yaml-lines.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { kindsOfVersion } from "../kube/discovery.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, type KubePath, type ResourceType } from "../kube/kube-path.ts";
import type { Services } from "../services.ts";
import { refusalProblems, syntaxProblems } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";
import { requireProject } from "./require-project.ts";

type Json = Record<string, unknown>;
type Problem = YamlCheck["problems"][number];

interface Draft {
  object: Json;
  kind: string;
  group: string;
  version: string;
  name: string;
  /** '' where the text names none. */
  project: string;
}

/** What the text says it is, or why it says nothing. */
function draftOf(text: string): Draft | { problems: Problem[] } {
  const parsed = parseObjectYaml(text);
  if (!parsed.ok) return { problems: syntaxProblems(parsed.problems) };
  const { object } = parsed;
  const metadata: RawMeta = object["metadata"] ?? {};
  const missing = (path: string) => ({
    problems: [{ path, reason: reasonOf("field-required"), line: lineOfPath(text, path) ?? 1 }],
  });
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || !/^([a-z0-9.-]+\/)?[a-z0-9]+$/.test(apiVersion))
    return missing("apiVersion");
  if (typeof kind !== "string" || kind === "") return missing("kind");
  const { name = "", namespace = "" } = metadata;
  if (typeof name !== "string" || name === "") return missing("metadata.name");
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return { object, kind, group, version, name, project: typeof namespace === "string" ? namespace : "" };
}

export function newTextOperations(services: Services) {
  const cluster = services.endpoint.id;

  /** Where it is to be made. @throws ApiProblem `not-found` for a project that the caller may not see */
  async function placeOf(
    caller: Caller,
    draft: Draft,
    text: string,
    asked: string | undefined,
  ): Promise<
    { type: ResourceType; path: KubePath; object: Json; project: string } | { problems: Problem[] }
  > {
    const at = (path: string, reason: Problem["reason"]) => ({
      problems: [{ path, reason, line: lineOfPath(text, path) ?? 1 }],
    });
    const { group, version, kind } = draft;
    const apiVersion = group === "" ? version : `${group}/${version}`;
    const served = await kindsOfVersion(caller.client, { group, version });
    const type = served?.find((one) => one.kind === kind && one.verbs.includes("create"));
    if (type === undefined) return at("kind", reasonOf("kind-not-served", { kind, apiVersion }));
    if (!type.namespaced) return { type, path: collectionPath(type), object: draft.object, project: "" };
    const project = draft.project === "" ? (asked ?? "") : draft.project;
    if (project === "") return at("metadata", reasonOf("project-needed", { kind }));
    if (asked !== undefined && project !== asked)
      return at("metadata.namespace", reasonOf("yaml-other-project", { project: asked }));
    await requireProject(services, caller, project);
    const metadata: RawMeta = draft.object["metadata"] ?? {};
    return {
      type,
      path: collectionPath(type, project),
      object: { ...draft.object, metadata: { ...metadata, namespace: project } },
      project,
    };
  }

  async function prepare(caller: Caller, text: string, asked: string | undefined) {
    if (asked !== undefined) await requireProject(services, caller, asked);
    const draft = draftOf(text);
    if ("problems" in draft) return draft;
    const place = await placeOf(caller, draft, text, asked);
    return "problems" in place ? place : { ...draft, ...place };
  }

  return {
    checkText: {
      access: "session",
      handle: async ({ caller, body: { yaml, project } }): Promise<YamlCheck> => {
        const ready = await prepare(caller, yaml, project);
        if ("problems" in ready) return { ok: false, problems: ready.problems, warnings: [] };
        try {
          const { value, warnings } = await caller.client.jsonWithWarnings(ready.path, {
            method: "POST",
            query: { dryRun: "All", fieldValidation: "Strict" },
            body: ready.object,
          });
          const stored = value as Json; // the cluster answers a POST with the object
          return { ok: true, problems: [], result: toYaml(maskObject(stored).object), warnings };
        } catch (error) {
          return { ok: false, problems: refusalProblems(error, yaml), warnings: [] };
        }
      },
    },
    createText: {
      access: "session",
      status: 201,
      audit: ({ body: { yaml, project } }) => {
        const draft = draftOf(yaml);
        const known = "problems" in draft ? undefined : draft;
        const where = project ?? known?.project ?? "";
        return {
          action: "create",
          noun: (known === undefined ? undefined : nounOf(known.group, known.kind)) ?? "object",
          name: known?.name ?? "",
          ...(where === "" ? {} : { project: where }),
          // the text itself may hold secrets
          diff: known === undefined ? [] : [{ path: "/kind", new: known.kind }],
        };
      },
      handle: async ({ caller, body: { yaml, project } }) => {
        const ready = await prepare(caller, yaml, project);
        if ("problems" in ready) throw new ApiProblem("invalid", { fields: ready.problems });
        try {
          await caller.client.json(ready.path, {
            method: "POST",
            query: { fieldValidation: "Strict" },
            body: ready.object,
          });
        } catch (error) {
          const taken = error instanceof KubeError && error.reason === "AlreadyExists";
          throw new ApiProblem(taken ? "already-exists" : "invalid", {
            fields: refusalProblems(error, yaml),
          });
        }
        const noun = nounOf(ready.group, ready.kind);
        const ref: ResourceRef | null =
          noun === undefined
            ? null
            : {
                cluster,
                noun,
                name: ready.name,
                ...(ready.project === "" ? {} : { project: ready.project }),
              };
        const { group, version, plural } = ready.type;
        return {
          kind: ready.kind,
          type: { group, version, plural },
          project: ready.project,
          name: ready.name,
          ref,
        };
      },
    },
  } satisfies Partial<Operations>;
}
