/** Any object as text: read, checked by the cluster's own dry run, and stored only over the version that was read. */
import type { CurrentText } from "@kubev/api-types/errors";
import type { YamlCheck, YamlReply } from "@kubev/api-types/object-yaml";
import { jsonDiff } from "../domain/json-diff.ts";
import { maskObject, parseObjectYaml, toYaml, unmask, withHiddenAnnotations } from "../domain/object-text.ts";
import { reasonOf } from "../domain/reasons.ts";
import { fieldOfDecodingRefusal, lineFinder } from "../domain/yaml-lines.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { RawMeta } from "../inventory/raw.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { KubePath } from "../kube/kube-path.ts";
import type { AuditDraft } from "./operation.ts";

type Json = Record<string, unknown>;
type Problem = YamlCheck["problems"][number];

const metaOf = (object: Json): RawMeta => object["metadata"] ?? {};

export function syntaxProblems(found: readonly { message: string; line: number | undefined }[]): Problem[] {
  return found.map(({ message, line }) => ({
    path: "yaml",
    reason: reasonOf("yaml-syntax", undefined, message),
    ...(line === undefined ? {} : { line }),
  }));
}

/** What the cluster's dry run found wrong, each at the line it was typed on. @throws what is no refusal of the text itself */
export function refusalProblems(error: unknown, text: string): Problem[] {
  if (!(error instanceof KubeError) || error.status >= 500 || error.status === 403) throw error;
  const fields = problemOfKubeError(error).details.fields ?? [];
  const lineOf = lineFinder(text);
  if (fields.length > 0) return fields.map((field) => placed(field, lineOf(field.path)));
  const code =
    error.status === 409 && error.reason !== "AlreadyExists" ? "changed-meanwhile" : "upstream-refused";
  const field = fieldOfDecodingRefusal(error.message);
  const whole: Problem = { path: field ?? "", reason: reasonOf(code, undefined, error.message) };
  return [field === undefined ? whole : placed(whole, lineOf(field))];
}

const placed = (problem: Problem, line: number | undefined): Problem =>
  line === undefined ? problem : { ...problem, line };

/** The edited object ready to send, or what is wrong with the text. */
function prepare(
  text: string,
  resourceVersion: string,
  was: Json,
): { object: Json } | { problems: Problem[] } {
  const parsed = parseObjectYaml(text);
  if (!parsed.ok) return { problems: syntaxProblems(parsed.problems) };
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

export async function readText(client: KubeClient, path: KubePath): Promise<YamlReply> {
  const object = await client.json<Json>(path);
  const { object: shown, masked } = maskObject(object);
  return { yaml: toYaml(shown), resourceVersion: metaOf(object).resourceVersion ?? "", masked };
}

/** What the cluster says of a changed text, without storing it. */
export async function checkText(
  client: KubeClient,
  path: KubePath,
  text: { yaml: string; resourceVersion: string },
): Promise<YamlCheck> {
  const was = await client.json<Json>(path);
  const prepared = prepare(text.yaml, text.resourceVersion, was);
  if ("problems" in prepared) return { ok: false, problems: prepared.problems, warnings: [] };
  try {
    const { value, warnings } = await client.jsonWithWarnings(path, {
      method: "PUT",
      query: { dryRun: "All", fieldValidation: "Strict" },
      body: prepared.object,
    });
    const stored = value as Json; // the cluster answers a PUT with the object
    return { ok: true, problems: [], result: toYaml(maskObject(stored).object), warnings };
  } catch (error) {
    return { ok: false, problems: refusalProblems(error, text.yaml), warnings: [] };
  }
}

/** What is stored now, as the editor shows it; undefined when that cannot be read either. */
async function currentText(client: KubeClient, path: KubePath): Promise<CurrentText | undefined> {
  try {
    const { yaml, resourceVersion } = await readText(client, path);
    return { yaml, resourceVersion };
  } catch {
    return undefined; // the conflict is the answer; the browser can load the text by itself
  }
}

/** Without secrets, and without what the cluster keeps for itself. */
function shownInTrail(object: Json) {
  const shown = maskObject(object).object;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...rest } = shown;
  return { ...rest, labels: metaOf(shown).labels, annotations: metaOf(shown).annotations };
}

/** What a person may want to know of a change. */
export function auditDiff(was: Json, stored: Json): AuditDraft["diff"] {
  return jsonDiff(shownInTrail(was), shownInTrail(stored));
}

/** @throws ApiProblem `conflict` with the stored text when somebody was faster */
export async function storeText(
  client: KubeClient,
  path: KubePath,
  text: { yaml: string; resourceVersion: string },
  audit: AuditDraft | null,
): Promise<YamlReply> {
  const was = await client.json<Json>(path);
  const prepared = prepare(text.yaml, text.resourceVersion, was);
  if ("problems" in prepared) throw new ApiProblem("invalid", { fields: prepared.problems });
  try {
    const stored = await client.json<Json>(path, {
      method: "PUT",
      query: { fieldValidation: "Strict" },
      body: prepared.object,
    });
    const { object: shown, masked } = maskObject(stored);
    if (audit !== null) audit.diff = auditDiff(was, stored);
    return { yaml: toYaml(shown), resourceVersion: metaOf(stored).resourceVersion ?? "", masked };
  } catch (error) {
    if (error instanceof KubeError && error.status === 409)
      throw new ApiProblem("conflict", {
        current: await currentText(client, path),
        reason: reasonOf("changed-meanwhile", undefined, error.message),
        upstream: { status: 409, reason: error.reason, message: error.message },
      });
    throw error;
  }
}
