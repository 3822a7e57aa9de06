/** Unmodified kubectls make, change and delete: what they say is what they say on a real cluster. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CURRENT_MINOR } from "./kubectls.ts";
import { configMap, deployment, describeKubectls, machine } from "./kubectl-cluster.ts";

describeKubectls("writing", (subject, minor) => {
  test("apply makes, leaves unchanged, and configures", async () => {
    const { kubectl } = subject();
    expect(await kubectl.ok("apply -f -", machine("one"))).toBe("virtualmachine.kubevirt.io/one created\n");
    expect(await kubectl.ok("apply -f -", machine("one"))).toBe("virtualmachine.kubevirt.io/one unchanged\n");
    expect(await kubectl.ok("apply -f -", machine("one", { label: "two" }))).toBe(
      "virtualmachine.kubevirt.io/one configured\n",
    );
    expect(await kubectl.ok("get vm one --show-labels --no-headers")).toContain("part=two");
    expect(await kubectl.ok("apply --dry-run=server -f -", machine("none"))).toContain(
      "one created (server dry run)".replace("one", "none"),
    );
    expect(await kubectl.refused("get vm none")).toBe(
      'Error from server (NotFound): virtualmachines.kubevirt.io "none" not found\n',
    );
  });

  test("apply of a List of kinds names an unknown field in it, and the webhook's words come through", async () => {
    const { kubectl, project } = subject();
    const list = (field: string) => `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: listed}, data: {key: a}}
  - apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata: {name: listed}
    spec: {runStrategy: Halted, template: {spec: {domain: {${field}: {}, memory: {guest: 1Gi}}}}}
`;
    expect(await kubectl.refused("apply -f -", list("devcies"))).toContain('unknown field "');
    expect(await kubectl.ok("apply -f -", list("devices"))).toMatch(
      /configmap\/listed \w+\nvirtualmachine\S+ created/,
    );
    const wrong = await kubectl.refused("apply -f -", machine("wrong", { runStrategy: "Sometimes" }));
    expect(wrong).toContain("Invalid RunStrategy (Sometimes)");
    expect(await kubectl.refused("apply -n nowhere -f -", machine("one"))).toContain(
      'namespaces "nowhere" not found',
    );
    expect(await kubectl.ok("delete -f - --wait=false", list("devices"))).toContain('"listed" deleted');
    expect(project).not.toBe("");
  });

  test("apply --server-side tells of the conflict, and --force-conflicts takes the field", async () => {
    const { kubectl } = subject();
    const apply = "apply --server-side -f - --field-manager";
    expect(await kubectl.ok(`${apply} first`, configMap("shared", "a"))).toContain("serverside-applied");
    const conflict = await kubectl.refused(`${apply} second`, configMap("shared", "b"));
    expect(conflict).toContain('Apply failed with 1 conflict: conflict with "first"');
    expect(conflict).toContain(".data.key");
    await kubectl.ok(`${apply} second --force-conflicts`, configMap("shared", "b"));
    expect(await kubectl.ok("get configmap shared -o jsonpath={.data.key}")).toBe("b");
    const vm = await kubectl.ok(`${apply} first`, machine("applied"));
    expect(vm).toContain("virtualmachine.kubevirt.io/applied serverside-applied");
    expect(await kubectl.refused(`${apply} second`, machine("applied", { runStrategy: "Manual" }))).toContain(
      ".spec.runStrategy",
    );
  });

  test("edit sends what the editor left", async () => {
    const { kubectl } = subject();
    await kubectl.ok("apply -f -", machine("edited"));
    const edit = (editor: string) => kubectl.ok("edit vm edited", "", { KUBE_EDITOR: editor });
    expect(await edit("sed -i s/Halted/Manual/")).toBe("virtualmachine.kubevirt.io/edited edited\n");
    expect(await kubectl.ok("get vm edited -o jsonpath={.spec.runStrategy}")).toBe("Manual");
    expect(await edit("true")).toContain("Edit cancelled, no changes made.");
  });

  test("patch in all its types; a strategic one of a custom kind is 415", async () => {
    const { kubectl } = subject();
    await kubectl.ok("apply -f -", machine("patched"));
    await kubectl.ok("apply -f -", deployment("patched"));
    const patch = (what: string, type: string, text: string) => [
      "patch",
      ...what.split(" "),
      "--type",
      type,
      "-p",
      text,
    ];
    const json =
      '[{"op":"test","path":"/spec/runStrategy","value":"Halted"},{"op":"add","path":"/metadata/labels/json","value":"yes"}]';
    expect(await kubectl.ok(patch("vm patched", "json", json))).toContain("patched\n");
    expect(await kubectl.refused(patch("vm patched", "json", json.replace("Halted", "Always")))).toContain(
      "The request is invalid",
    );
    await kubectl.ok(patch("vm patched", "merge", '{"metadata":{"labels":{"json":null,"merge":"yes"}}}'));
    expect(await kubectl.ok("get vm patched -o jsonpath={.metadata.labels}")).toBe(
      '{"merge":"yes","part":"one"}',
    );
    const sidecar = '{"spec":{"template":{"spec":{"containers":[{"name":"sidecar","image":"side:1"}]}}}}';
    await kubectl.ok(patch("deployment patched", "strategic", sidecar));
    expect(
      await kubectl.ok("get deployment patched -o jsonpath={.spec.template.spec.containers[*].name}"),
    ).toBe("sidecar web");
    const refused = await kubectl.refused(
      patch("vm patched", "strategic", '{"metadata":{"labels":{"a":"b"}}}'),
    );
    expect(refused).toContain(
      "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
    );
  });

  test("create, replace, label, annotate, diff", async () => {
    const { kubectl } = subject();
    expect(await kubectl.ok("create -f -", configMap("made", "a"))).toBe("configmap/made created\n");
    expect(await kubectl.refused("create -f -", configMap("made", "a"))).toContain(
      'Error from server (AlreadyExists): error when creating "STDIN": configmaps "made" already exists',
    );
    expect(await kubectl.ok("replace -f -", configMap("made", "b"))).toBe("configmap/made replaced\n");
    expect(await kubectl.ok("label configmap made team=red")).toBe("configmap/made labeled\n");
    expect(await kubectl.refused("label configmap made team=blue")).toContain(
      "'team' already has a value (red)",
    );
    expect(await kubectl.ok("annotate configmap made note=kept")).toBe("configmap/made annotated\n");
    await kubectl.ok("apply -f -", machine("diffed"));
    expect(await kubectl.ok("diff -f -", machine("diffed"))).toBe("");
    const differs = await kubectl.run(["diff", "-f", "-"], machine("diffed", { runStrategy: "Manual" }));
    expect(differs.code).toBe(1);
    expect(differs.out).toMatch(/-  runStrategy: Halted\n\+  runStrategy: Manual/);
    for (const made of [
      "create secret generic s1 --from-literal=a=b",
      "create serviceaccount robot",
      "create quota q1 --hard=pods=9",
    ])
      expect(await kubectl.ok(made)).toContain("created");
    expect(
      await kubectl.ok("create rolebinding r1 --clusterrole=view --serviceaccount=default:robot"),
    ).toContain("created");
  });

  test("what create makes of flags is taken, by current ones as protobuf", async () => {
    const { kubectl } = subject();
    const made = [
      "deployment typed --image=web:1",
      "job typed --image=work:1",
      "service nodeport typed --tcp=80:8080",
    ];
    // those of 1.20 name groups that no cluster serves any more
    const current = [
      "cronjob typed --image=work:1 --schedule=*/5",
      "poddisruptionbudget typed --selector=app=typed --min-available=50%",
    ];
    for (const line of minor < CURRENT_MINOR ? made : [...made, ...current])
      expect(
        await kubectl.ok(["create", ...line.split(" ").map((word) => word.replace("*/5", "*/5 * * * *"))]),
      ).toContain("/typed created");
    const read = async (what: string) => JSON.parse(await kubectl.ok(`get ${what} typed -o json`));
    expect(await read("deployment")).toMatchObject({
      spec: {
        replicas: 1,
        template: { spec: { containers: [{ name: "web", image: "web:1", resources: {} }] } },
      },
    });
    expect((await read("service")).spec).toMatchObject({
      type: "NodePort",
      ports: [{ name: "80-8080", port: 80, targetPort: 8080, protocol: "TCP" }],
    });
    expect(await kubectl.ok("get job typed -o wide")).toMatch(
      /^NAME +STATUS +COMPLETIONS +DURATION +AGE +CONTAINERS +IMAGES +SELECTOR *\ntyped +(Running|Complete) +\d\/1 +/,
    );
    if (minor < CURRENT_MINOR) return;
    expect(await kubectl.ok("get pdb typed")).toMatch(/typed +50% +N\/A +\d+ +/);
    expect(await kubectl.ok("get cronjob typed")).toMatch(
      /typed +\*\/5 \* \* \* \* +<none> +False +0 +<none> +/,
    );
    expect((await read("poddisruptionbudget")).spec).toMatchObject({ minAvailable: "50%" });
    expect((await read("cronjob")).spec).toMatchObject({ schedule: "*/5 * * * *" });
  });

  test("scale, set image, rollout status and history's kin", async () => {
    const { kubectl } = subject();
    await kubectl.ok("create -f -", deployment("rolled"));
    expect(await kubectl.ok("rollout status deployment rolled --timeout=20s")).toContain(
      "successfully rolled out",
    );
    expect(await kubectl.ok("scale deployment rolled --replicas=3")).toContain("scaled\n");
    expect(await kubectl.ok("set image deployment/rolled web=web:2")).toContain("image updated");
    expect(await kubectl.ok("rollout status deployment/rolled --timeout=20s")).toContain(
      "successfully rolled out",
    );
    expect(await kubectl.ok("get deployment rolled -o wide")).toMatch(
      /rolled +3\/3 +3 +3 +\S+ +web +web:2 +app=rolled/,
    );
    expect(await kubectl.ok("rollout restart deployment rolled")).toContain("restarted");
  });

  test("kustomize applies, and --prune takes away what is no longer named", async () => {
    const { kubectl } = subject();
    const folder = join(kubectl.home, "kustomized");
    mkdirSync(folder);
    writeFileSync(join(folder, "map.yaml"), configMap("kustomized", "a"));
    writeFileSync(join(folder, "kustomization.yaml"), "resources: [map.yaml]\nnameSuffix: -test\n");
    expect(await kubectl.ok(`apply -k ${folder}`)).toBe("configmap/kustomized-test created\n");
    const both = ["kept", "pruned"].map((name) =>
      configMap(name, "a").replace(`{name: ${name}}`, `{name: ${name}, labels: {set: pruning}}`),
    );
    await kubectl.ok("apply -f -", both.join("---"));
    const pruning = "apply --prune -l set=pruning --prune-whitelist=core/v1/ConfigMap -f -";
    const pruned = await kubectl.ok(
      kubectl.program.minor < 26 ? pruning : pruning.replace("whitelist", "allowlist"),
      both[0],
    );
    expect(pruned).toContain("configmap/pruned pruned");
    expect(await kubectl.ok("get configmap -l set=pruning -o name")).toBe("configmap/kept\n");
  });

  test("delete: foreground waits for what is owned, orphan leaves it", async () => {
    const { kubectl, cluster, project } = subject();
    await kubectl.ok("create -f -", deployment("owner"));
    await kubectl.ok("rollout status deployment owner --timeout=20s");
    const foreground = kubectl.program.minor < 20 ? "--cascade=true" : "--cascade=foreground";
    expect(await kubectl.ok(`delete deployment owner ${foreground}`)).toContain('"owner" deleted');
    expect(await kubectl.ok("get replicasets,pods -l app=owner -o name")).toBe("");
    await kubectl.ok("create -f -", deployment("orphaner"));
    await kubectl.ok("rollout status deployment orphaner --timeout=20s");
    await kubectl.ok("delete deployment orphaner --cascade=orphan");
    const left = await cluster.call(
      `/apis/apps/v1/namespaces/${project}/replicasets?labelSelector=app%3Dorphaner`,
    );
    expect(left.body.items).toHaveLength(1);
    expect(left.body.items[0].metadata.ownerReferences ?? []).toEqual([]);
    expect(await kubectl.ok("delete replicaset -l app=orphaner")).toContain("deleted");
  });

  test("delete and wait --for=delete wait for finalizers", async () => {
    const { kubectl } = subject();
    const held = configMap("held", "a").replace(
      "{name: held}",
      "{name: held, finalizers: [example.com/hold]}",
    );
    await kubectl.ok("create -f -", held);
    const deletion = kubectl.follow("delete configmap held");
    await deletion.until(/"held" deleted/);
    expect(await kubectl.refused("wait --for=delete configmap/held --timeout=1s")).toContain(
      "timed out waiting for the condition",
    );
    await kubectl.ok([
      "patch",
      "configmap",
      "held",
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    ]);
    expect(await deletion.ended).toBe(0);
  });
});
