/**
 * What the API server refuses of a CustomResourceDefinition. Source: apiextensions' validation.go. Parts that all versions
 * share are named at the top of the spec, where the API server's own form has them (v1/conversion.go).
 */
import { type Cause, invalidValue, required, unsupported } from "../admission/field-causes.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { validateStructure } from "../schema/structural-validation.ts";
import { sameJson } from "../store/json-equality.ts";
import {
  type Definition,
  type DefinitionNames,
  type DefinitionVersion,
  isEstablished,
} from "./definition.ts";
import { checkSchema, forbiddenField } from "./schema-rules.ts";
import { structuralFaults } from "./structural-rules.ts";

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const APPROVAL = "api-approved.kubernetes.io";
const MOST_SELECTABLE_FIELDS = 8;

export function definitionFaults(definition: Definition, old: Definition | undefined): Cause[] {
  const { spec, metadata } = definition;
  const causes: Cause[] = [];
  if (old === undefined && metadata.name !== `${spec.names.plural}.${spec.group}`)
    causes.push(invalidValue("metadata.name", metadata.name, 'must be spec.names.plural+"."+spec.group'));
  checkSpec(spec, causes);
  if (old !== undefined) checkUnchanged(definition, old, causes);
  if (old === undefined || metadata.annotations?.[APPROVAL] !== old.metadata.annotations?.[APPROVAL])
    checkApproval(definition, causes);
  return causes;
}

function checkUnchanged(definition: Definition, old: Definition, causes: Cause[]): void {
  const { spec } = definition;
  const same = (field: string, value: string, before: string): void => {
    if (value !== before) causes.push(invalidValue(field, value, "field is immutable"));
  };
  if (isEstablished(old)) {
    same("spec.scope", spec.scope, old.spec.scope);
    same("spec.names.kind", spec.names.kind, old.spec.names.kind);
  }
  same("spec.group", spec.group, old.spec.group);
  same("spec.names.plural", spec.names.plural, old.spec.names.plural);
  for (const [index, version] of (old.status?.storedVersions ?? []).entries()) {
    if (spec.versions.some(({ name }) => name === version)) continue;
    const text = `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    causes.push(invalidValue(`status.storedVersions[${index}]`, version, text));
  }
}

function checkSpec(spec: Definition["spec"], causes: Cause[]): void {
  const { group, scope, versions, names } = spec;
  if (!group) causes.push(required("spec.group"));
  else if (!group.includes("."))
    causes.push(invalidValue("spec.group", group, "should be a domain with at least one dot"));
  if (!scope) causes.push(required("spec.scope"));
  else if (!["Cluster", "Namespaced"].includes(scope))
    causes.push(unsupported("spec.scope", scope, ["Cluster", "Namespaced"]));
  const shared = (read: (version: DefinitionVersion) => unknown): boolean =>
    versions.every((version) => sameJson(read(version), versions[0] && read(versions[0])));
  const at = {
    schema: shared(({ schema }) => schema)
      ? () => "spec.validation"
      : (index: number) => `spec.versions[${index}].schema`,
    subresources: shared(({ subresources }) => subresources)
      ? () => "spec.subresources"
      : (index: number) => `spec.versions[${index}].subresources`,
    columns: shared((version) => version.additionalPrinterColumns)
      ? () => "spec.additionalPrinterColumns"
      : (index: number) => `spec.versions[${index}].additionalPrinterColumns`,
    selectable: shared((version) => version.selectableFields)
      ? () => "spec.selectableFields"
      : (index: number) => `spec.versions[${index}].selectableFields`,
  };
  versions.forEach(({ schema }, index) => {
    if (schema?.openAPIV3Schema === undefined)
      causes.push(required(`spec.versions[${index}].schema.openAPIV3Schema`));
  });
  const checked = new Set<string>();
  versions.forEach((version, index) => {
    if (!LABEL.test(version.name))
      causes.push(invalidValue(`spec.versions[${index}].name`, version.name, LABEL_TEXT));
    if (version.deprecationWarning !== undefined && version.deprecated !== true)
      causes.push(
        invalidValue(
          `spec.versions[${index}].deprecationWarning`,
          version.deprecationWarning,
          "can only be set for deprecated versions",
        ),
      );
    const once = (path: string, check: (path: string) => void): void => {
      if (checked.has(path)) return;
      checked.add(path);
      check(path);
    };
    const schema = version.schema?.openAPIV3Schema;
    if (schema !== undefined) once(at.schema(index), (path) => checkVersionSchema(schema, path, causes));
    once(at.subresources(index), (path) => checkScale(version, path, causes));
    once(at.columns(index), (path) => checkColumns(version, path, causes));
    once(at.selectable(index), (path) => checkSelectable(version, path, causes));
  });
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    causes.push(invalidValue("spec.versions", versions, "must contain unique version names"));
  if (versions.filter(({ storage }) => storage).length !== 1)
    causes.push(
      invalidValue("spec.versions", versions, "must have exactly one version marked as storage version"),
    );
  checkNames(names, causes);
  const { conversion } = spec;
  if (conversion !== undefined && !["None", "Webhook"].includes(conversion.strategy))
    causes.push(unsupported("spec.conversion.strategy", conversion.strategy, ["None", "Webhook"]));
  if (spec.preserveUnknownFields === true)
    causes.push(
      invalidValue(
        "spec.preserveUnknownFields",
        true,
        "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
      ),
    );
}

function checkVersionSchema(schema: StructuralSchema, path: string, causes: Cause[]): void {
  const at = `${path}.openAPIV3Schema`;
  if (schema.nullable === true)
    causes.push(forbiddenField(`${at}.nullable`, "nullable cannot be true at the root"));
  const faults = checkSchema(schema, at);
  const structural = structuralFaults(schema, at);
  causes.push(...faults, ...structural);
  if (faults.length + structural.length === 0) checkDefaults(schema, at, causes);
}

/** Defaults must be valid themselves. */
function checkDefaults(schema: StructuralSchema, path: string, causes: Cause[]): void {
  if (schema.default !== undefined) {
    const found: Cause[] = [];
    validateStructure(schema.default, schema, "", found);
    for (const { message, reason, field } of found)
      causes.push({ message, reason, field: field === "" ? `${path}.default` : `${path}.default.${field}` });
  }
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkDefaults(property, `${path}.properties[${name}]`, causes);
  if (schema.items !== undefined) checkDefaults(schema.items, `${path}.items`, causes);
  if (typeof schema.additionalProperties === "object")
    checkDefaults(schema.additionalProperties, `${path}.additionalProperties`, causes);
}

function checkScale({ subresources }: DefinitionVersion, path: string, causes: Cause[]): void {
  const scale = subresources?.scale;
  if (scale === undefined) return;
  const check = (name: keyof typeof scale, roots: readonly string[], isRequired: boolean): void => {
    const value = scale[name] ?? "";
    const at = `${path}.scale.${name}`;
    if (value === "") {
      if (isRequired) causes.push(required(at));
    } else if (!value.startsWith(".")) {
      causes.push(invalidValue(at, value, "must be a simple json path starting with ."));
    } else if (!roots.some((root) => value.startsWith(`${root}.`))) {
      const places = roots.length === 1 ? (roots[0] ?? "") : `either ${roots.join(" or ")}`;
      causes.push(invalidValue(at, value, `should be a json path under ${places}`));
    }
  };
  check("specReplicasPath", [".spec"], true);
  check("statusReplicasPath", [".status"], true);
  check("labelSelectorPath", [".spec", ".status"], false);
}

function checkColumns(
  { additionalPrinterColumns = [] }: DefinitionVersion,
  path: string,
  causes: Cause[],
): void {
  additionalPrinterColumns.forEach(({ name, type, jsonPath }, index) => {
    const at = `${path}[${index}]`;
    const types = `must be one of ${COLUMN_TYPES.join(",")}`;
    if (!name) causes.push(required(`${at}.name`));
    if (!type) causes.push(required(`${at}.type`, types));
    else if (!COLUMN_TYPES.includes(type)) causes.push(invalidValue(`${at}.type`, type, types));
    if (!jsonPath) causes.push(required(`${at}.JSONPath`));
    else if (!jsonPath.startsWith("."))
      causes.push(invalidValue(`${at}.JSONPath`, jsonPath, "must be a simple json path starting with ."));
  });
}

function checkSelectable(version: DefinitionVersion, path: string, causes: Cause[]): void {
  const seen = new Set<string>();
  (version.selectableFields ?? []).forEach(({ jsonPath }, index) => {
    const at = `${path}[${index}].jsonPath`;
    if (!jsonPath) {
      causes.push(required(at));
      return;
    }
    const steps = jsonPath.slice(1).split(".");
    let found: StructuralSchema | undefined = version.schema?.openAPIV3Schema;
    for (const step of steps) found = found?.properties?.[step];
    if (!jsonPath.startsWith(".") || (found === undefined && steps[0] !== "metadata")) {
      causes.push(invalidValue(at, jsonPath, "is an invalid path: does not refer to a valid field"));
      return;
    }
    if (steps[0] === "metadata")
      causes.push(invalidValue(at, jsonPath, "must not point to fields in metadata"));
    else if (!["string", "boolean", "integer"].includes(found?.type ?? "")) {
      const text =
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      causes.push(invalidValue(at, jsonPath, text));
    }
    if (seen.has(jsonPath))
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Duplicate value: ${JSON.stringify(jsonPath)}`,
        field: at,
      });
    seen.add(jsonPath);
  });
  if (seen.size > MOST_SELECTABLE_FIELDS)
    causes.push({
      reason: "FieldValueTooMany",
      message: `Too many: ${seen.size}: must have at most ${MOST_SELECTABLE_FIELDS} items`,
      field: path,
    });
}

function checkNames(names: DefinitionNames, causes: Cause[]): void {
  const at = (name: string): string => `spec.names.${name}`;
  for (const name of ["plural", "singular", "kind", "listKind"] as const)
    if (!names[name]) causes.push(required(at(name)));
  for (const name of ["plural", "singular"] as const) {
    const value = names[name];
    if (value && !LABEL.test(value)) causes.push(invalidValue(at(name), value, LABEL_TEXT));
  }
  for (const name of ["kind", "listKind"] as const) {
    const value = names[name];
    if (value && !LABEL.test(value.toLowerCase())) {
      const text = `may have mixed case, but should otherwise match: ${LABEL_TEXT}`;
      causes.push(invalidValue(at(name), value, text));
    }
  }
  for (const list of ["shortNames", "categories"] as const) {
    (names[list] ?? []).forEach((value, index) => {
      if (!LABEL.test(value)) causes.push(invalidValue(`${at(list)}[${index}]`, value, LABEL_TEXT));
    });
  }
  if (names.kind && names.kind === names.listKind)
    causes.push(invalidValue(at("listKind"), names.listKind, "kind and listKind may not be the same"));
}

/** Groups of the Kubernetes community need a sign of its approval (KEP 1111). */
function checkApproval({ spec, metadata }: Definition, causes: Cause[]): void {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return;
  const field = `metadata.annotations[${APPROVAL}]`;
  const value = metadata.annotations?.[APPROVAL] ?? "";
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  const text = `protected groups must have approval annotation "${APPROVAL}"`;
  if (value === "") causes.push(required(field, `${text}, ${see}`));
  else if (!value.startsWith("unapproved") && !/^[a-z]+:\/\/[^/]+/.test(value))
    causes.push(
      invalidValue(field, value, `${text} with either a URL or a reason starting with "unapproved", ${see}`),
    );
}
