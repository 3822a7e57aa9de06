/** One object as YAML that a person may edit: noise dropped, secrets masked, and put back on save if left alone. */
import { stringify } from "yaml";
import { readYaml, valueOfYaml, type YamlProblem } from "./bounded-yaml.ts";

/** Stands where a secret value is. Whoever saves it unchanged keeps the value. */
export const mask = "••• hidden, kept as it is •••";

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keys of cloud-init and sysprep sources that hold what only the guest should see. */
const secretKeys = new Set(["userData", "userDataBase64", "networkData", "networkDataBase64"]);
const secretAnnotations = new Set(["kubectl.kubernetes.io/last-applied-configuration"]);

function maskWithin(value: unknown, path: string, masked: string[], inside: boolean): unknown {
  if (Array.isArray(value)) return value.map((item, i) => maskWithin(item, `${path}/${i}`, masked, inside));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const at = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (inside && secretKeys.has(key) && typeof child === "string") {
        masked.push(at);
        return [key, mask];
      }
      return [
        key,
        maskWithin(child, at, masked, inside || key.startsWith("cloudInit") || key === "accessCredentials"),
      ];
    }),
  );
}

/** The object without server noise and with its secrets masked. */
export function maskObject(object: Json): { object: Json; masked: string[] } {
  const masked: string[] = [];
  const copy = structuredClone(object);
  const metadata = copy["metadata"];
  if (isObject(metadata)) {
    delete metadata["managedFields"];
    const annotations = metadata["annotations"];
    if (isObject(annotations)) {
      for (const key of secretAnnotations) delete annotations[key];
      if (Object.keys(annotations).length === 0) delete metadata["annotations"];
    }
  }
  if (copy["kind"] === "Secret")
    for (const part of ["data", "stringData"]) {
      const values = copy[part];
      if (!isObject(values)) continue;
      for (const key of Object.keys(values)) {
        values[key] = mask;
        masked.push(`/${part}/${key}`);
      }
    }
  return { object: maskWithin(copy, "", masked, false) as Json, masked }; // an object maps to an object
}

/** Puts back what `maskObject` left out because nobody edits it, so that saving the text does not delete it. */
export function withHiddenAnnotations(edited: Json, current: Json): Json {
  const annotationsOf = (object: Json) => {
    const metadata = object["metadata"];
    return isObject(metadata) && isObject(metadata["annotations"]) ? metadata["annotations"] : {};
  };
  const hidden = Object.entries(annotationsOf(current)).filter(([key]) => secretAnnotations.has(key));
  if (hidden.length === 0) return edited;
  const metadata = isObject(edited["metadata"]) ? edited["metadata"] : {};
  return {
    ...edited,
    metadata: { ...metadata, annotations: { ...annotationsOf(edited), ...Object.fromEntries(hidden) } },
  };
}

export function toYaml(object: unknown): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Puts current values back wherever the mask still stands. Returns pointers of masks that stand where nothing was. */
export function unmask(edited: unknown, current: unknown, path = ""): { value: unknown; lost: string[] } {
  if (edited === mask)
    return typeof current === "string" ? { value: current, lost: [] } : { value: edited, lost: [path] };
  const lost: string[] = [];
  const child = (value: unknown, was: unknown, key: string) => {
    const result = unmask(value, was, `${path}/${key}`);
    lost.push(...result.lost);
    return result.value;
  };
  if (Array.isArray(edited)) {
    const before: readonly unknown[] = Array.isArray(current) ? current : [];
    // volumes and the like are lists of named things: a moved one keeps its secret
    const byName = (item: unknown, i: number) =>
      isObject(item) && typeof item["name"] === "string"
        ? (before.find((old) => isObject(old) && old["name"] === item["name"]) ?? undefined)
        : before[i];
    return { value: edited.map((item, i) => child(item, byName(item, i), String(i))), lost };
  }
  if (isObject(edited))
    return {
      value: Object.fromEntries(
        Object.entries(edited).map(([key, value]) => [
          key,
          child(value, isObject(current) ? current[key] : undefined, key),
        ]),
      ),
      lost,
    };
  return { value: edited, lost };
}

export type ParsedYaml = { ok: true; object: Json } | { ok: false; problems: YamlProblem[] };

/** Parses one YAML document of an object. Aliases are bounded, so that no text can blow up. */
export function parseObjectYaml(text: string): ParsedYaml {
  try {
    const { document, problems } = readYaml(text);
    if (document === null || problems.length > 0) return { ok: false, problems };
    const value = valueOfYaml(document);
    if (!isObject(value)) return { ok: false, problems: [{ message: "This is not an object", line: 1 }] };
    return { ok: true, object: value };
  } catch (error) {
    return {
      ok: false,
      problems: [{ message: error instanceof Error ? error.message : "not YAML", line: undefined }],
    };
  }
}
