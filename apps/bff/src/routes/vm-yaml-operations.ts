/** A machine as text: read, checked by the cluster's own dry run, and stored only over the version that was read. */
import type { CurrentText } from "@kubev/api-types/errors";
import type { YamlCheck } from "@kubev/api-types/object-yaml";
import { jsonDiff } from "../domain/json-diff.ts";
import { maskObject, parseObjectYaml, toYaml, unmask, withHiddenAnnotations } from "../domain/object-text.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

type Json = Record<string, unknown>;
type Problem = YamlCheck["problems"][number];

const metaOf = (object: Json): RawMeta => object["metadata"] ?? {};

async function current(caller: Caller, project: string, name: string): Promise<Json> {
  return caller.client.json<Json>(objectPath(types.virtualMachine, name, project));
}

/** What is stored now, as the editor shows it; undefined when that cannot be read either. */
async function currentText(caller: Caller, project: string, name: string): Promise<CurrentText | undefined> {
  try {
    const object = await current(caller, project, name);
    return { yaml: toYaml(maskObject(object).object), resourceVersion: metaOf(object).resourceVersion ?? "" };
  } catch {
    return undefined; // the conflict is the answer; the browser can load the text by itself
  }
}

/** The edited object ready to send, or what is wrong with the text. */
function prepare(
  text: string,
  resourceVersion: string,
  was: Json,
): { object: Json } | { problems: Problem[] } {
  const parsed = parseObjectYaml(text);
  if (!parsed.ok)
    return {
      problems: parsed.problems.map(({ message, line }) => ({
        path: "yaml",
        reason: reasonOf("yaml-syntax", undefined, message),
        ...(line === undefined ? {} : { line }),
      })),
    };
  const metadata = metaOf(parsed.object);
  const known = metaOf(was);
  const same =
    parsed.object["kind"] === was["kind"] &&
    parsed.object["apiVersion"] === was["apiVersion"] &&
    metadata.name === known.name &&
    (metadata.namespace ?? known.namespace) === known.namespace &&
    (metadata.uid ?? known.uid) === known.uid;
  if (!same)
    return {
      problems: [
        {
          path: "yaml",
          reason: reasonOf("yaml-not-this-object", { kind: String(was["kind"]), name: known.name ?? "" }),
        },
      ],
    };
  const restored = unmask(parsed.object, was);
  if (restored.lost.length > 0)
    return {
      problems: restored.lost.map((path) => ({ path, reason: reasonOf("yaml-secret-lost", { path }) })),
    };
  const object = withHiddenAnnotations(restored.value as Json, was); // unmask keeps an object an object
  return {
    object: { ...object, metadata: { ...metaOf(object), namespace: known.namespace, resourceVersion } },
  };
}

export function vmYamlOperations(_services: Services) {
  return {
    getVmYaml: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) => {
        const object = await current(caller, project, name);
        const { object: shown, masked } = maskObject(object);
        return { yaml: toYaml(shown), resourceVersion: metaOf(object).resourceVersion ?? "", masked };
      },
    },
    checkVmYaml: {
      access: "session",
      handle: async ({ caller, params: { project, name }, body }): Promise<YamlCheck> => {
        const was = await current(caller, project, name);
        const prepared = prepare(body.yaml, body.resourceVersion, was);
        if ("problems" in prepared) return { ok: false, problems: prepared.problems, warnings: [] };
        try {
          const { value, warnings } = await caller.client.jsonWithWarnings(
            objectPath(types.virtualMachine, name, project),
            { method: "PUT", query: { dryRun: "All", fieldValidation: "Strict" }, body: prepared.object },
          );
          const stored = value as Json; // the cluster answers a PUT with the object
          return { ok: true, problems: [], result: toYaml(maskObject(stored).object), warnings };
        } catch (error) {
          if (!(error instanceof KubeError) || error.status >= 500 || error.status === 403) throw error;
          const problem = problemOfKubeError(error);
          const fields = problem.details.fields ?? [];
          const whole: Problem = {
            path: "",
            reason:
              error.status === 409
                ? reasonOf("changed-meanwhile", undefined, error.message)
                : reasonOf("upstream-refused", undefined, error.message),
          };
          return { ok: false, problems: fields.length > 0 ? fields : [whole], warnings: [] };
        }
      },
    },
    putVmYaml: {
      access: "session",
      audit: ({ params }) => ({ action: "edit", noun: "virtual-machine", ...params, diff: [] }),
      handle: async (call) => {
        const { caller, body } = call;
        const { project, name } = call.params;
        const was = await current(caller, project, name);
        const prepared = prepare(body.yaml, body.resourceVersion, was);
        if ("problems" in prepared) throw new ApiProblem("invalid", { fields: prepared.problems });
        const before = maskObject(was).object;
        try {
          const stored = await caller.client.json<Json>(objectPath(types.virtualMachine, name, project), {
            method: "PUT",
            query: { fieldValidation: "Strict" },
            body: prepared.object,
          });
          const { object: shown, masked } = maskObject(stored);
          if (call.audit !== null)
            call.audit.diff = jsonDiff(
              {
                spec: before["spec"],
                labels: metaOf(before).labels,
                annotations: metaOf(before).annotations,
              },
              { spec: shown["spec"], labels: metaOf(shown).labels, annotations: metaOf(shown).annotations },
            );
          return { yaml: toYaml(shown), resourceVersion: metaOf(stored).resourceVersion ?? "", masked };
        } catch (error) {
          if (error instanceof KubeError && error.status === 409)
            throw new ApiProblem("conflict", {
              current: await currentText(caller, project, name),
              reason: reasonOf("changed-meanwhile", undefined, error.message),
              upstream: { status: 409, reason: error.reason, message: error.message },
            });
          throw error;
        }
      },
    },
  } satisfies Partial<Operations>;
}
