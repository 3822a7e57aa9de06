/** kubectl, unmodified, against kube-sim. Skipped loudly where it is not installed. */
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";

const KUBECTL = "/usr/bin/kubectl";
const installed = spawnSync(KUBECTL, ["version", "--client"]).status === 0;
if (!installed) process.stderr.write(`SKIPPED: ${KUBECTL} is not installed, so kubectl was not tried\n`);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

/** Runs beside the simulator, which lives in this very process. */
function kubectl(args: string[], input?: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(KUBECTL, ["--kubeconfig", cluster.sim.kubeconfigPath, ...args], {
      env: {
        ...process.env,
        HOME: dirname(cluster.sim.kubeconfigPath),
        EDITOR: "sed -i s/Halted/Manual/",
        KUBE_EDITOR: "",
      },
      timeout: 30_000,
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.end(input ?? "");
  });
}

async function ok(args: string[], input?: string): Promise<string> {
  const { code, out, err } = await kubectl(args, input);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} failed: ${err}`);
  return out + err;
}

const vm = (runStrategy: string): string => `
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: first, namespace: k}
spec:
  runStrategy: ${runStrategy}
  template:
    spec:
      domain: {devices: {}, memory: {guest: 1Gi}}
`;

describe.skipIf(!installed)("kubectl", () => {
  test("works through an object's life", { timeout: 120_000 }, async () => {
    await ok(["create", "namespace", "k"]);
    expect(await ok(["apply", "-f", "-"], vm("Halted"))).toContain(
      "virtualmachine.kubevirt.io/first created",
    );
    expect(await ok(["apply", "-f", "-"], vm("Halted"))).toContain("unchanged");
    const table = await ok(["get", "vms", "-A"]);
    expect(table).toMatch(/NAMESPACE +NAME +AGE +STATUS +READY/);
    expect(table).toMatch(/k +first/);
    expect(await ok(["get", "vm", "first", "-n", "k", "-o", "yaml"])).toContain("runStrategy: Halted");
    expect(await ok(["label", "vm", "first", "-n", "k", "team=red"])).toContain("labeled");
    expect(await ok(["get", "vm", "-n", "k", "-l", "team in (red,blue)", "-o", "name"])).toContain("first");
    await ok([
      "patch",
      "vm",
      "first",
      "-n",
      "k",
      "--type",
      "json",
      "-p",
      '[{"op":"test","path":"/spec/runStrategy","value":"Halted"}]',
    ]);
    expect(await ok(["edit", "vm", "first", "-n", "k"])).toContain("edited");
    expect(await ok(["get", "vm", "first", "-n", "k", "-o", "jsonpath={.spec.runStrategy}"])).toBe("Manual");
    expect(await ok(["explain", "vm.spec.template.spec.domain"])).toContain("devices");
    expect(await ok(["diff", "-f", "-"], vm("Manual"))).not.toContain("runStrategy");
    expect(await ok(["delete", "vm", "first", "-n", "k", "--wait=false"])).toContain("deleted");
    await ok(["delete", "namespace", "k"]);
    expect((await kubectl(["get", "namespace", "k"])).err).toContain('namespaces "k" not found');
  });

  test("refuses what the server refuses, in its words", async () => {
    await ok(["create", "namespace", "r"]);
    const typo = vm("Halted")
      .replace("namespace: k", "namespace: r")
      .replace("devices: {}", "devices: {dsiks: []}");
    const strict = await kubectl(["apply", "-f", "-"], typo);
    expect(strict.code).not.toBe(0);
    expect(strict.err).toContain('unknown field "spec.template.spec.domain.devices.dsiks"');
    const invalid = await kubectl(
      ["apply", "-f", "-"],
      vm("Sometimes").replace("namespace: k", "namespace: r"),
    );
    expect(invalid.err).toContain("Invalid RunStrategy (Sometimes)");
    const missing = await kubectl(
      ["apply", "-f", "-"],
      vm("Halted").replace("namespace: k", "namespace: nowhere"),
    );
    expect(missing.err).toContain('namespaces "nowhere" not found');
  });

  test("applies a List of built-in and custom kinds, and names an unknown field in it", async () => {
    await ok(["create", "namespace", "l"]);
    const list = (field: string): string => `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: one, namespace: l}
    data: {key: a}
  - apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata: {name: two, namespace: l}
    spec: {runStrategy: Halted, template: {spec: {domain: {${field}: {}, memory: {guest: 1Gi}}}}}
`;
    const refused = await kubectl(["apply", "-f", "-"], list("devcies"));
    expect(refused.err).toContain('unknown field "devcies"');
    const applied = await ok(["apply", "-f", "-"], list("devices"));
    expect(applied).toContain("configmap/one created");
    expect(applied).toContain("virtualmachine.kubevirt.io/two created");
    expect(await ok(["apply", "-f", "-"], list("devices"))).toContain("two unchanged");
    expect(await ok(["delete", "--wait=false", "-f", "-"], list("devices"))).toContain('"two" deleted');
  });

  test("server-side apply tells of conflicts", async () => {
    const map = (value: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared, namespace: default}\ndata: {key: ${value}}\n`;
    await ok(["apply", "--server-side", "--field-manager", "one", "-f", "-"], map("a"));
    const conflict = await kubectl(["apply", "--server-side", "--field-manager", "two", "-f", "-"], map("b"));
    expect(conflict.err).toContain('conflict with "one" using v1: .data.key');
    await ok(["apply", "--server-side", "--field-manager", "two", "--force-conflicts", "-f", "-"], map("b"));
    expect(await ok(["get", "cm", "shared", "-o", "jsonpath={.data.key}"])).toBe("b");
  });

  test("scales, reviews rights, and works as a demo user", async () => {
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
`;
    await ok(["create", "-f", "-"], deployment);
    await ok(["scale", "deployment", "web", "--replicas", "3"]);
    expect(await ok(["get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"])).toBe("3");
    expect(await ok(["set", "image", "deployment/web", "web=web:2"])).toContain("image updated");
    expect(await ok(["auth", "can-i", "*", "*"])).toContain("yes");
    expect((await kubectl(["auth", "can-i", "create", "vms", "--as", "bob"])).out).toContain("no");
    const path = join(dirname(cluster.sim.kubeconfigPath), "alice.kubeconfig");
    writeFileSync(path, cluster.sim.kubeconfigFor("alice"));
    const refused = await kubectl(["--kubeconfig", path, "get", "nodes"]);
    expect(refused.err).toContain('User "alice" cannot list resource "nodes"');
    expect(await ok(["api-resources", "--api-group", "kubeovn.io"])).toContain("subnets");
  });

  test("watches", { timeout: 30_000 }, async () => {
    const child = spawn(KUBECTL, [
      "--kubeconfig",
      cluster.sim.kubeconfigPath,
      "get",
      "cm",
      "-n",
      "default",
      "-w",
      "-o",
      "name",
    ]);
    const seen = new Promise<string>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("configmap/late")) resolve(chunk.toString());
      });
    });
    await cluster.call("/api/v1/namespaces/default/configmaps", { body: { metadata: { name: "late" } } });
    expect(await seen).toContain("configmap/late");
    child.kill();
  });

  test("explains the fields of built-in kinds and refuses those that there are not", async () => {
    const ports = await ok(["explain", "pod.spec.containers.ports"]);
    expect(ports).toContain("containerPort\t<integer> -required-");
    const volumes = await ok(["explain", "deployment.spec.template.spec.volumes", "--recursive"]);
    expect(volumes).toMatch(/configMap\s+<ConfigMapVolumeSource>\n\s+defaultMode\s+<integer>/);
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "typo" },
      spec: { containers: [{ name: "a", image: "b", imagePullPolcy: "Always" }] },
    };
    const { code, err } = await kubectl(["apply", "-f", "-"], JSON.stringify(pod));
    expect(code).toBe(1);
    expect(err).toContain('strict decoding error: unknown field "spec.containers[0].imagePullPolcy"');
  });

  test("applies a definition, waits for it, and works with what it defines", {
    timeout: 60_000,
  }, async () => {
    const schema = {
      type: "object",
      properties: {
        spec: {
          type: "object",
          required: ["sides"],
          properties: { sides: { type: "integer", minimum: 3 }, colour: { type: "string", default: "red" } },
        },
      },
    };
    const columns = [{ name: "Sides", type: "integer", jsonPath: ".spec.sides" }];
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "shapes.example.org" },
      spec: {
        group: "example.org",
        scope: "Cluster",
        names: { plural: "shapes", kind: "Shape", shortNames: ["sh"] },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: schema },
            additionalPrinterColumns: columns,
          },
        ],
      },
    };
    await ok(["apply", "-f", "-"], JSON.stringify(definition));
    await ok(["wait", "--for=condition=Established", "crd/shapes.example.org", "--timeout=20s"]);
    const shape = (spec: object): string =>
      JSON.stringify({ apiVersion: "example.org/v1", kind: "Shape", metadata: { name: "one" }, spec });
    expect(await ok(["apply", "-f", "-"], shape({ sides: 4 }))).toContain("shape.example.org/one created");
    expect(await ok(["get", "sh"])).toMatch(/NAME\s+SIDES\none\s+4/);
    expect(await ok(["explain", "shape.spec.sides"])).toContain("FIELD: sides <integer>");
    const { err } = await kubectl(["apply", "-f", "-"], shape({ sides: 2 }));
    expect(err).toContain("spec.sides in body should be greater than or equal to 3");
    await ok(["delete", "crd", "shapes.example.org"]);
    const { err: gone } = await kubectl(["get", "shapes"]);
    expect(gone).toContain("(NotFound)");
  });
});
