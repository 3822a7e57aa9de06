/**
 * Writes src/schema/builtin-types.gen.ts: fields, types, required sets, defaults, enums and merge rules of the kinds
 * that the API server has compiled in, as its Go types and their markers state them, in the form of their OpenAPI
 * models and without any of their prose.
 * Run: node packages/kube-sim/tools/generate-builtin-types.ts <folder of k8s.io/api, apimachinery, apiextensions-apiserver>
 *   [folder of kube-aggregator]
 */
import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type GoDeclaration, type GoField, type GoType, GoTypes } from "./go-types.ts";

type Json = Record<string, unknown>;

const [root, aggregator] = process.argv.slice(2);
if (root === undefined) throw new Error("the folder that holds k8s.io/api and its siblings is missing");

const META = "k8s.io/apimachinery/pkg/apis/meta/v1";
const PACKAGES = [
  ...[
    "admissionregistration/v1",
    "apps/v1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "certificates/v1",
    "coordination/v1",
    "core/v1",
    "discovery/v1",
    "events/v1",
    "networking/v1",
    "node/v1",
    "policy/v1",
    "rbac/v1",
    "scheduling/v1",
    "storage/v1",
  ].map((path) => `k8s.io/api/${path}`),
  "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1",
  "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1",
];

const types = new GoTypes((importPath) => {
  if (!importPath.startsWith("k8s.io/")) return undefined;
  const path = importPath.slice("k8s.io/".length);
  if (!path.startsWith("kube-aggregator/")) return join(root, path);
  return aggregator === undefined ? undefined : join(aggregator, path.slice("kube-aggregator/".length));
});

/** `io.k8s.api.core.v1.Pod` of `k8s.io/api/core/v1` and `Pod`. */
const modelName = (importPath: string, name: string): string => {
  const [host = "", ...path] = importPath.split("/");
  return [...host.split(".").toReversed(), ...path, name].join(".");
};

/** Types that read themselves from JSON, as their OpenAPI models are (k8s.io/apimachinery, apiextensions types). */
const SPECIAL: Readonly<Record<string, Json>> = {
  [modelName(META, "Time")]: { type: "string", format: "date-time" },
  [modelName(META, "MicroTime")]: { type: "string", format: "date-time" },
  [modelName(META, "Duration")]: { type: "string" },
  [modelName(META, "FieldsV1")]: { type: "object" },
  [modelName("k8s.io/apimachinery/pkg/runtime", "RawExtension")]: { type: "object" },
  [modelName("k8s.io/apimachinery/pkg/api/resource", "Quantity")]: { type: "string" },
  [modelName("k8s.io/apimachinery/pkg/util/intstr", "IntOrString")]: {
    type: "string",
    format: "int-or-string",
  },
  ...Object.fromEntries(
    ["JSON", "JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray"].map(
      (name) => [modelName("k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1", name), {}],
    ),
  ),
};

const SCALARS: Readonly<Record<string, Json>> = {
  string: { type: "string" },
  bool: { type: "boolean" },
  float32: { type: "number", format: "float" },
  float64: { type: "number", format: "double" },
  int64: { type: "integer", format: "int64" },
};

const models = new Map<string, Json>();

/** How Go calls a type in its decoding errors, where that does not follow from the schema. */
function goName(type: GoType): string {
  switch (type.kind) {
    case "scalar":
      return type.name === "byte" ? "uint8" : type.name;
    case "list":
      return `[]${goName(type.item)}`;
    case "map":
      return `map[${goName(type.key)}]${goName(type.value)}`;
    case "name":
      return `${type.package.slice(type.package.lastIndexOf("/") + 1)}.${type.name}`;
  }
}

function schemaOf(type: GoType): Json {
  switch (type.kind) {
    case "scalar":
      return { ...(SCALARS[type.name] ?? { type: "integer", format: "int32" }) };
    case "list": {
      const { item } = type;
      if (item.kind === "scalar" && (item.name === "byte" || item.name === "uint8"))
        return { type: "string", format: "byte" };
      return { type: "array", items: schemaOf(item) };
    }
    case "map": {
      const named = type.key.kind === "name" ? { go: goName(type) } : {};
      return { type: "object", additionalProperties: schemaOf(type.value), ...named };
    }
    case "name":
      return schemaOfName(type.package, type.name);
  }
}

function schemaOfName(importPath: string, name: string): Json {
  const model = modelName(importPath, name);
  const special = SPECIAL[model];
  if (special !== undefined) {
    models.set(model, special);
    return { $ref: model };
  }
  const found = types.declaration(importPath, name);
  if (found === undefined) throw new Error(`no declaration of ${importPath}.${name}`);
  if (found.underlying === undefined) {
    readStruct(model, found);
    return { $ref: model };
  }
  const schema = schemaOf(found.underlying);
  if (schema["$ref"] !== undefined) return schema;
  const values = found.markers.includes("enum") ? types.constantsOf(importPath, name) : [];
  return {
    ...schema,
    ...(values.length === 0 ? {} : { enum: values }),
    go: goName({ kind: "name", package: importPath, name }),
  };
}

const marked = (markers: readonly string[], name: string): string[] =>
  markers
    .filter((marker) => marker.startsWith(`${name}=`))
    .map((marker) => marker.slice(name.length + 1).trim());

function readStruct(model: string, declaration: GoDeclaration): void {
  if (models.has(model)) return;
  const properties: Json = {};
  const required: string[] = [];
  models.set(model, {}); // holds the place: types may hold themselves
  addFields(declaration, properties, required);
  const atomic = marked(declaration.markers, "structType").includes("atomic");
  models.set(model, {
    type: "object",
    ...(required.length === 0 ? {} : { required: required.toSorted() }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
  });
}

function addFields(declaration: GoDeclaration, properties: Json, required: string[]): void {
  for (const field of declaration.fields ?? []) {
    if (field.json === "") {
      if (field.type.kind !== "name") throw new Error(`${declaration.name} inlines what has no name`);
      const inlined = types.declaration(field.type.package, field.type.name);
      if (inlined === undefined) throw new Error(`no declaration of ${field.type.name}`);
      addFields(inlined, properties, required);
      continue;
    }
    properties[field.json] = fieldSchema(field);
    if (!field.omitEmpty && !field.markers.includes("optional")) required.push(field.json);
  }
}

function fieldSchema({ type, tags, markers }: GoField): Json {
  const schema = schemaOf(type);
  const [fallback] = marked(markers, "default");
  if (fallback !== undefined && !fallback.startsWith("ref(")) schema["default"] = JSON.parse(fallback);
  const [listType] = marked(markers, "listType");
  if (listType !== undefined) schema["x-kubernetes-list-type"] = listType;
  const keys = marked(markers, "listMapKey");
  if (keys.length > 0) schema["x-kubernetes-list-map-keys"] = keys;
  const [mapType] = [...marked(markers, "mapType"), ...marked(markers, "structType")];
  if (mapType !== undefined) schema["x-kubernetes-map-type"] = mapType;
  if (tags["patchStrategy"] !== undefined) schema["x-kubernetes-patch-strategy"] = tags["patchStrategy"];
  if (tags["patchMergeKey"] !== undefined) schema["x-kubernetes-patch-merge-key"] = tags["patchMergeKey"];
  return schema;
}

const isKind = ({ fields = [], name }: GoDeclaration): boolean =>
  !name.endsWith("List") &&
  ["TypeMeta", "ObjectMeta"].every((wanted) =>
    fields.some(({ type }) => type.kind === "name" && type.package === META && type.name === wanted),
  );

let kinds = 0;
for (const importPath of PACKAGES) {
  for (const declaration of types.package(importPath).values()) {
    if (!isKind(declaration)) continue;
    kinds += 1;
    readStruct(modelName(importPath, declaration.name), declaration);
  }
}

const target = resolve(import.meta.dirname, "../src/schema/builtin-types.gen.ts");
const lines = [...models]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, schema]) => `  ${JSON.stringify(name)}: ${JSON.stringify(JSON.stringify(schema))},`);
writeFileSync(
  target,
  `/** Generated by tools/generate-builtin-types.ts: facts of the Kubernetes API types, one JSON text per model. Do not edit. */
export const builtinTypes: Readonly<Record<string, string>> = {
${lines.join("\n")}
};
`,
);
process.stdout.write(
  `${kinds} kinds, ${models.size} models, ${Math.round(statSync(target).size / 1024)} KiB\n`,
);
