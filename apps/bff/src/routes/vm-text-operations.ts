/** A new machine from a pasted YAML text: checked by the cluster's own dry run, then made, both as the caller. */
import type { YamlCheck } from "@kubev/api-types/object-yaml";
import { maskObject, parseObjectYaml, toYaml } from "../domain/object-text.ts";
import { reasonOf } from "../domain/reasons.ts";
import { lineOfPath } from "../domain/yaml-lines.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { refusalProblems, syntaxProblems } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";
import { requireProject } from "./require-project.ts";

type Json = Record<string, unknown>;
type Problem = YamlCheck["problems"][number];

const nameIn = (object: Json): string => {
  const { name = "" } = (object["metadata"] ?? {}) as RawMeta; // as: only the name is looked at, and checked below
  return typeof name === "string" ? name : "";
};

/** The machine to make, or why this text is none. */
function machineOf(project: string, text: string): { object: Json; name: string } | { problems: Problem[] } {
  const parsed = parseObjectYaml(text);
  if (!parsed.ok) return { problems: syntaxProblems(parsed.problems) };
  const { object } = parsed;
  const metadata: RawMeta = object["metadata"] ?? {};
  const at = (path: string, reason: Problem["reason"]) => ({
    problems: [{ path, reason, line: lineOfPath(text, path) }],
  });
  if (object["kind"] !== "VirtualMachine" || !String(object["apiVersion"]).startsWith("kubevirt.io/"))
    return at("kind", reasonOf("yaml-wrong-kind", { kind: "VirtualMachine", apiVersion: "kubevirt.io/v1" }));
  const name = nameIn(object);
  if (name === "") return at("metadata.name", reasonOf("field-required"));
  if ((metadata.namespace ?? project) !== project)
    return at("metadata.namespace", reasonOf("yaml-other-project", { project }));
  return { object: { ...object, metadata: { ...metadata, namespace: project } }, name };
}

export function vmTextOperations(services: Services) {
  return {
    checkVmText: {
      access: "session",
      handle: async ({ caller, params: { project }, body: { yaml } }): Promise<YamlCheck> => {
        await requireProject(services, caller, project);
        const machine = machineOf(project, yaml);
        if ("problems" in machine) return { ok: false, problems: machine.problems, warnings: [] };
        try {
          const { value, warnings } = await caller.client.jsonWithWarnings(
            collectionPath(types.virtualMachine, project),
            { method: "POST", query: { dryRun: "All", fieldValidation: "Strict" }, body: machine.object },
          );
          const stored = value as Json; // the cluster answers a POST with the object
          return { ok: true, problems: [], result: toYaml(maskObject(stored).object), warnings };
        } catch (error) {
          return { ok: false, problems: refusalProblems(error, yaml), warnings: [] };
        }
      },
    },
    createVmOfText: {
      access: "session",
      status: 201,
      audit: ({ params: { project }, body: { yaml } }) => {
        const machine = machineOf(project, yaml);
        return {
          action: "create",
          noun: "virtual-machine",
          project,
          name: "problems" in machine ? "" : machine.name,
          diff: [],
        };
      },
      handle: async ({ caller, params: { project }, body: { yaml }, audit }) => {
        await requireProject(services, caller, project);
        const machine = machineOf(project, yaml);
        if ("problems" in machine) throw new ApiProblem("invalid", { fields: machine.problems });
        try {
          const made = await caller.client.json<Json>(collectionPath(types.virtualMachine, project), {
            method: "POST",
            query: { fieldValidation: "Strict" },
            body: machine.object,
          });
          if (audit !== null) audit.diff = [{ path: "", new: maskObject(machine.object).object }];
          const { uid = "" }: RawMeta = made["metadata"] ?? {};
          return { project, name: machine.name, uid };
        } catch (error) {
          if (error instanceof KubeError && error.reason === "AlreadyExists")
            throw new ApiProblem("already-exists", { reason: reasonOf("name-taken") }, error);
          throw error;
        }
      },
    },
  } satisfies Partial<Operations>;
}
