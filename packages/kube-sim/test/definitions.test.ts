/** Which CustomResourceDefinitions are accepted: their defaults, their validation, their names. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { condition, CRDS, definition, established, toyVersion } from "./toys.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

const patch = async (path: string, body: unknown) =>
  cluster.call(path, {
    method: "PATCH",
    body,
    headers: { "content-type": "application/merge-patch+json" },
  });

test("a definition gets its defaults, is accepted and established", async () => {
  const wanted = definition("balls", "Ball", {
    names: { plural: "balls", kind: "Ball", shortNames: ["bl"], categories: ["toys"] },
    versions: [toyVersion("v1", true), { ...toyVersion("v1beta1", false), deprecated: true }],
  });
  const created = await cluster.call(CRDS, { body: wanted });
  expect(created.code).toBe(201);
  expect(created.body.spec).toMatchObject({
    names: { singular: "ball", listKind: "BallList" },
    conversion: { strategy: "None" },
  });
  expect(created.body.status).toEqual({
    acceptedNames: { kind: "", plural: "" },
    conditions: null,
    storedVersions: ["v1"],
  });
  const body = await established(cluster, "balls.toys.example.org");
  expect(condition(body, "NamesAccepted")).toMatchObject({
    status: "True",
    reason: "NoConflicts",
    message: "no conflicts found",
  });
  expect(condition(body, "Established").reason).toBe("InitialNamesAccepted");
  expect(body.status.acceptedNames).toEqual(body.spec.names);
});

test.each([
  [
    { names: { plural: "cars", kind: "Car" } },
    'metadata.name: Invalid value: "kites.toys.example.org": must be spec.names.plural+"."+spec.group',
  ],
  [{ scope: "Galaxy" }, 'spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
  [
    { names: { plural: "kites", kind: "Kite", shortNames: ["K_T"] } },
    'spec.names.shortNames[0]: Invalid value: "K_T": a DNS-1035 label must consist of',
  ],
  [
    { versions: [{ name: "v1", served: true, storage: true }] },
    "spec.versions[0].schema.openAPIV3Schema: Required value",
  ],
  [{ versions: [toyVersion("v1", false)] }, "must have exactly one version marked as storage version"],
  [{ versions: [toyVersion("v1", true), toyVersion("v1", false)] }, "must contain unique version names"],
  [
    {
      versions: [
        {
          ...toyVersion("v1", true),
          schema: { openAPIV3Schema: { type: "object", properties: { spec: { properties: { a: {} } } } } },
          selectableFields: [],
        },
      ],
    },
    "[spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields, spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields]",
  ],
  [
    {
      versions: [
        {
          ...toyVersion("v1", true),
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", anyOf: [{ properties: { b: { type: "string" } } }] } },
            },
          },
          selectableFields: [],
        },
      ],
    },
    "spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[b].type: Forbidden: must be empty to be structural",
  ],
  [
    {
      versions: [
        {
          ...toyVersion("v1", true),
          schema: { openAPIV3Schema: { type: "object", anyOf: [{ properties: { b: {} } }] } },
          selectableFields: [],
        },
      ],
    },
    "spec.validation.openAPIV3Schema.properties[b]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[b]",
  ],
  [
    { versions: [{ ...toyVersion("v1", true), selectableFields: [{ jsonPath: ".spec.tags" }] }] },
    'spec.selectableFields[0].jsonPath: Invalid value: ".spec.tags": must point to a field of type string, boolean or integer.',
  ],
  [
    {
      versions: [
        {
          ...toyVersion("v1", true),
          subresources: { scale: { specReplicasPath: ".status.replicas", statusReplicasPath: "" } },
        },
      ],
    },
    '[spec.subresources.scale.specReplicasPath: Invalid value: ".status.replicas": should be a json path under .spec, spec.subresources.scale.statusReplicasPath: Required value]',
  ],
])("a definition with %j is refused", async (changes, message) => {
  const { code, body } = await cluster.call(CRDS, { body: definition("kites", "Kite", changes) });
  expect(code).toBe(422);
  expect(body.message).toContain(message);
  expect(body.message).toMatch(
    /^CustomResourceDefinition.apiextensions.k8s.io "kites.toys.example.org" is invalid: /,
  );
});

test("a definition of the community's groups needs its approval", async () => {
  const group = "toys.k8s.io";
  const { body } = await cluster.call(CRDS, { body: definition("kites", "Kite", {}, group) });
  expect(body.message).toContain(
    'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io"',
  );
});

test("a definition whose names are taken waits for them", async () => {
  const rival = definition("spheres", "Ball");
  await cluster.call(CRDS, { body: rival });
  const refused = await eventually(async () => {
    const { body } = await cluster.call(`${CRDS}/spheres.toys.example.org`);
    return condition(body, "NamesAccepted")?.status === "False" ? body : undefined;
  });
  expect(condition(refused, "NamesAccepted")).toMatchObject({
    reason: "ListKindConflict",
    message: '"BallList" is already in use',
  });
  expect(condition(refused, "Established")).toMatchObject({ status: "False", reason: "NotAccepted" });
  expect((await cluster.call("/apis/toys.example.org/v1/spheres")).code).toBe(404);
  await patch(`${CRDS}/spheres.toys.example.org`, {
    spec: { names: { kind: "Sphere", listKind: "SphereList", singular: "sphere" } },
  });
  await established(cluster, "spheres.toys.example.org");
  const fixed = await patch(`${CRDS}/spheres.toys.example.org`, { spec: { names: { kind: "Globe" } } });
  expect(fixed.body.message).toContain('spec.names.kind: Invalid value: "Globe": field is immutable');
});
