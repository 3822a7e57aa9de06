/** Unmodified kubectls know the fields of built-in kinds, and work with kinds that they have defined themselves. */
import { expect, test } from "vitest";
import { describeKubectls } from "./kubectl-cluster.ts";

const SCHEMA = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["sides"],
      properties: { sides: { type: "integer", minimum: 3 }, colour: { type: "string", default: "red" } },
    },
  },
};

const definition = (group: string): string =>
  JSON.stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `shapes.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "shapes", kind: "Shape", shortNames: ["sh"] },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: SCHEMA },
          additionalPrinterColumns: [{ name: "Sides", type: "integer", jsonPath: ".spec.sides" }],
        },
      ],
    },
  });

describeKubectls("definitions", (subject) => {
  test("explains the fields of built-in kinds and refuses those that there are not", async () => {
    const { kubectl } = subject();
    const ports = await kubectl.ok("explain pod.spec.containers.ports");
    expect(ports).toMatch(/containerPort\s+<integer> -required-/);
    expect(ports).toMatch(/protocol\s+<string>/);
    const volumes = await kubectl.ok("explain deployment.spec.template.spec.volumes --recursive");
    expect(volumes).toMatch(/configMap\s+<\w+>\n\s+defaultMode\s+<integer>/);
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "typo" },
      spec: { containers: [{ name: "a", image: "b", imagePullPolcy: "Always" }] },
    };
    // before 1.25 kubectl checks fields itself, by the OpenAPI document
    expect(await kubectl.refused("apply -f -", JSON.stringify(pod))).toMatch(
      /strict decoding error: unknown field "spec\.containers\[0\]\.imagePullPolcy"|ValidationError\(Pod\.spec\.containers\[0\]\): unknown field "imagePullPolcy" in io\.k8s\.api\.core\.v1\.Container/,
    );
  });

  test("applies a definition, waits for it, and works with what it defines", async () => {
    const { kubectl, project } = subject();
    const group = `${project}.example.org`;
    await kubectl.ok("apply -f -", definition(group));
    await kubectl.ok(`wait --for=condition=Established crd/shapes.${group} --timeout=20s`);
    const shape = (spec: object): string =>
      JSON.stringify({ apiVersion: `${group}/v1`, kind: "Shape", metadata: { name: "one" }, spec });
    expect(await kubectl.ok("apply -f -", shape({ sides: 4 }))).toContain(`shape.${group}/one created`);
    expect(await kubectl.ok(`get shapes.${group}`)).toMatch(/NAME\s+SIDES\s*\none\s+4/);
    expect(await kubectl.ok(`get shapes.${group} one -o jsonpath={.spec.colour}`)).toBe("red");
    expect(await kubectl.ok(`explain shapes.spec --api-version=${group}/v1`)).toContain("sides");
    expect(await kubectl.refused("apply -f -", shape({ sides: 2 }))).toContain(
      "spec.sides in body should be greater than or equal to 3",
    );
    await kubectl.ok(`delete crd shapes.${group}`);
    expect(await kubectl.refused(`get shapes.${group}`)).toMatch(/NotFound|doesn't have a resource type/);
  });
});
