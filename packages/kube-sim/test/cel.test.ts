/** Rules in CEL: of definitions that a user applies, and of the kinds that every cluster has. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./api-caller.ts";
import { startCluster, type TestCluster } from "./cluster.ts";
import { CRDS, install } from "./toys.ts";

let cluster: TestCluster;

const WIDGET_SPEC = {
  type: "object",
  "x-kubernetes-validations": [
    { rule: "!has(self.min) || !has(self.max) || self.min <= self.max", message: "min must not exceed max" },
    {
      rule: "self.kind != 'big' || has(self.max)",
      messageExpression: "'max is needed for a ' + self.kind + ' one'",
      reason: "FieldValueRequired",
      fieldPath: ".max",
    },
    { rule: "!has(oldSelf.owner) || has(self.owner)", message: "owner stays once it is set" },
    { rule: "!has(self.ratio) || self.ratio < 1.0" },
  ],
  properties: {
    kind: { type: "string" },
    min: { type: "integer" },
    max: { type: "integer" },
    ratio: { type: "number" },
    owner: {
      type: "string",
      "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "is immutable" }],
    },
    namespace: { type: "string" },
    "first-name": {
      type: "string",
      "x-kubernetes-validations": [{ rule: "self.matches('^[a-z]+$')", message: "lower case only" }],
    },
    size: {
      "x-kubernetes-int-or-string": true,
      "x-kubernetes-validations": [{ rule: "type(self) == int ? self > 0 : self.endsWith('%')" }],
    },
    memory: {
      type: "string",
      "x-kubernetes-validations": [
        {
          rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('1Mi'))",
          message: "more than 1Mi",
        },
      ],
    },
    sorted: {
      type: "array",
      items: { type: "integer" },
      "x-kubernetes-validations": [{ rule: "self.isSorted()", message: "must be sorted" }],
    },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string" },
          weight: {
            type: "integer",
            "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "parts do not get lighter" }],
          },
        },
      },
    },
    tags: {
      type: "object",
      additionalProperties: {
        type: "string",
        "x-kubernetes-validations": [{ rule: "size(self) < 5", message: "too long a tag" }],
      },
    },
    once: {
      type: "string",
      "x-kubernetes-validations": [
        {
          rule: "!oldSelf.hasValue() || oldSelf.value() != self",
          optionalOldSelf: true,
          message: "must change",
        },
      ],
    },
    broken: {
      type: "object",
      properties: { list: { type: "array", items: { type: "string" } } },
      "x-kubernetes-validations": [{ rule: "self.list[2] == 'c'" }],
    },
  },
};

const definition = (plural: string, kind: string, spec: unknown): Record<string, unknown> => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.rules.example.org` },
  spec: {
    group: "rules.example.org",
    scope: "Namespaced",
    names: { plural, kind },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec },
            "x-kubernetes-validations": [
              { rule: "self.metadata.name != 'forbidden'", message: "not by this name" },
            ],
          },
        },
      },
    ],
  },
});

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "rules" } } });
  await install(cluster, definition("widgets", "Widget", WIDGET_SPEC));
});
afterAll(() => cluster.close());

const widgets = "/apis/rules.example.org/v1/namespaces/rules/widgets";
const create = (name: string, spec: object): Promise<Answer> =>
  cluster.call(widgets, {
    body: { apiVersion: "rules.example.org/v1", kind: "Widget", metadata: { name }, spec },
  });
const patch = (path: string, body: unknown): Promise<Answer> =>
  cluster.call(path, {
    method: "PATCH",
    body,
    headers: { "content-type": "application/merge-patch+json" },
  });

describe("an object", () => {
  test.each([
    [{ kind: "a", min: 2, max: 1 }, "spec: Invalid value: min must not exceed max"],
    [{ kind: "big" }, "spec.max: Required value: max is needed for a big one"],
    [{ kind: "a", ratio: 1 }, "spec: Invalid value: failed rule: !has(self.ratio) || self.ratio < 1.0"],
    [{ kind: "a", "first-name": "A" }, 'spec.first-name: Invalid value: "A": lower case only'],
    [{ kind: "a", size: 0 }, "spec.size: Invalid value: 0: failed rule: type(self) == int"],
    [{ kind: "a", size: "5" }, 'spec.size: Invalid value: "5": failed rule: type(self) == int'],
    [{ kind: "a", memory: "1k" }, 'spec.memory: Invalid value: "1k": more than 1Mi'],
    [{ kind: "a", sorted: [1, 3, 2] }, "spec.sorted: Invalid value: must be sorted"],
    [{ kind: "a", tags: { a: "abcdef" } }, 'spec.tags[a]: Invalid value: "abcdef": too long a tag'],
    [
      { kind: "a", broken: { list: ["a"] } },
      `spec.broken: Invalid value: "object": index out of bounds: 2 evaluating rule: self.list[2] == 'c'`,
    ],
    [
      { kind: "a", broken: {} },
      `spec.broken: Invalid value: "object": no such key: list evaluating rule: self.list[2] == 'c'`,
    ],
    [
      {},
      `spec: Invalid value: "object": no such key: kind evaluating rule: self.kind != 'big' || has(self.max)`,
    ],
  ])("with %j breaks a rule", async (spec, message) => {
    const { code, body } = await create("breaks", spec);
    expect(code).toBe(422);
    expect(body.message).toContain(`Widget.rules.example.org "breaks" is invalid: ${message}`);
  });

  test("that keeps them all is stored", async () => {
    const spec = {
      kind: "big",
      min: 1,
      max: 2,
      ratio: 0.5,
      size: "5%",
      memory: "2Gi",
      sorted: [1, 2, 2],
      tags: { a: "abc" },
      once: "a",
      "first-name": "anna",
    };
    expect((await create("keeps", spec)).code).toBe(201);
  });

  test("is known to rules by its name", async () => {
    const { body } = await create("forbidden", { kind: "a" });
    expect(body.message).toContain("<nil>: Invalid value: not by this name");
  });

  test("that does not fit its schema is held to no rule", async () => {
    const { body } = await create("unfit", { kind: 1, min: 2, max: 1 });
    expect(body.message).toContain("spec.kind: Invalid value");
    expect(body.message).toContain(
      "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
    );
    expect(body.message).not.toContain("min must not exceed max");
  });
});

describe("a change", () => {
  test("is compared with what was before, by the keys of lists", async () => {
    const parts = [
      { name: "a", weight: 1 },
      { name: "b", weight: 5 },
    ];
    await create("changes", { kind: "a", owner: "anna", once: "x", parts });
    const path = `${widgets}/changes`;
    const owner = await patch(path, { spec: { owner: "bert" } });
    expect(owner.body.message).toContain('spec.owner: Invalid value: "bert": is immutable');
    const gone = await patch(path, { spec: { owner: null } });
    expect(gone.body.message).toContain("spec: Invalid value: owner stays once it is set");
    const lighter = await patch(path, {
      spec: {
        once: "y",
        parts: [
          { name: "b", weight: 4 },
          { name: "a", weight: 1 },
          { name: "c", weight: 0 },
        ],
      },
    });
    expect(lighter.body.message).toBe(
      'Widget.rules.example.org "changes" is invalid: spec.parts[0].weight: Invalid value: 4: parts do not get lighter',
    );
    const same = await patch(path, { spec: { min: 1 } });
    expect(same.body.message).toContain('spec.once: Invalid value: "x": must change');
    expect((await patch(path, { spec: { min: 1, once: "z" } })).code).toBe(200);
  });

  test("that leaves alone what is wrong already is let through with a warning", async () => {
    const spec = { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } };
    const wanted = definition("ratchets", "Ratchet", spec);
    const installed = await install(cluster, wanted);
    const ratchets = widgets.replace("/widgets", "/ratchets");
    const body = {
      apiVersion: "rules.example.org/v1",
      kind: "Ratchet",
      metadata: { name: "old" },
      spec: { a: "long", b: "x" },
    };
    expect((await cluster.call(ratchets, { body })).code).toBe(201);
    const { properties } = installed.spec.versions[0].schema.openAPIV3Schema.properties.spec;
    properties.a["x-kubernetes-validations"] = [{ rule: "size(self) < 3", message: "too long" }];
    delete installed.metadata.resourceVersion;
    await cluster.call(`${CRDS}/ratchets.rules.example.org`, {
      method: "PATCH",
      body: { spec: installed.spec },
      headers: { "content-type": "application/merge-patch+json" },
    });
    const kept = await patch(`${ratchets}/old`, { spec: { b: "y" } });
    expect(kept.code).toBe(200);
    expect(kept.headers["warning"]).toBe('299 - "spec.a: Invalid value: \\"long\\": too long"');
    const worse = await patch(`${ratchets}/old`, { spec: { a: "longer" } });
    expect(worse.body.message).toContain('spec.a: Invalid value: "longer": too long');
  });
});

describe("a definition", () => {
  const refused = async (rules: object[], spec: object = {}): Promise<string> => {
    const schema = {
      type: "object",
      properties: { a: { type: "string" }, n: { type: "integer" } },
      "x-kubernetes-validations": rules,
      ...spec,
    };
    const { code, body } = await cluster.call(CRDS, { body: definition("bads", "Bad", schema) });
    expect(code).toBe(422);
    return body.message;
  };
  const at = "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]";

  test.each([
    [
      { rule: "self.b == 'x'" },
      `${at}.rule: Invalid value: {"Rule":"self.b == 'x'","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b == 'x'\n | ....^`,
    ],
    [{ rule: "slef.a == 'x'" }, "undeclared reference to 'slef' (in container '')"],
    [
      { rule: "self.a == 1" },
      "ERROR: <input>:1:8: found no matching overload for '_==_' applied to '(string, int)'",
    ],
    [{ rule: "self.n" }, "cel expression must evaluate to a bool"],
    [{ rule: "self.a == " }, "compilation failed: ERROR: <input>:1:11: Syntax error: "],
    [{ rule: "" }, `${at}.rule: Required value: rule is not specified`],
    [
      { rule: "true", message: "a\nb" },
      `${at}.message: Invalid value: "a\\nb": must not contain line breaks`,
    ],
    [{ rule: "true", reason: "Whim" }, `${at}.reason: Unsupported value: "Whim": supported values: `],
    [{ rule: "true", fieldPath: ".zz" }, `${at}.fieldPath: Invalid value: ".zz": must be a valid path`],
    [
      { rule: "true", messageExpression: "self.n" },
      `,"FieldPath":"","OptionalOldSelf":null}: messageExpression must evaluate to a string`,
    ],
    [
      { rule: "true", optionalOldSelf: true },
      `${at}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
    ],
  ])("with the rule %j is refused", async (rule, message) => {
    expect(await refused([rule])).toContain(message);
  });

  test("must not look back where old and new cannot be told apart", async () => {
    const items = { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] };
    const message = await refused([], { properties: { l: { type: "array", items } } });
    expect(message).toContain(
      "oldSelf cannot be used on the uncorrelatable portion of the schema within spec.validation.openAPIV3Schema.properties[spec].properties[l]",
    );
  });
});

describe("installed kinds", () => {
  test("keep the rules of their definitions", async () => {
    const path = "/apis/snapshot.storage.k8s.io/v1/namespaces/rules/volumesnapshots";
    const snapshot = (source: object): Promise<Answer> =>
      cluster.call(path, {
        body: {
          apiVersion: "snapshot.storage.k8s.io/v1",
          kind: "VolumeSnapshot",
          metadata: { name: "one" },
          spec: { source },
        },
      });
    const both = await snapshot({ persistentVolumeClaimName: "a", volumeSnapshotContentName: "b" });
    expect(both.body.message).toBe(
      'VolumeSnapshot.snapshot.storage.k8s.io "one" is invalid: spec.source: Invalid value: exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set',
    );
    expect((await snapshot({ persistentVolumeClaimName: "a" })).code).toBe(201);
    const moved = await patch(`${path}/one`, { spec: { source: { persistentVolumeClaimName: "b" } } });
    expect(moved.body.message).toContain(
      'spec.source.persistentVolumeClaimName: Invalid value: "b": persistentVolumeClaimName is immutable',
    );
  });
});
