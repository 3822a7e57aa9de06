/** A pasted token that ends or is revoked ends its session, in both acting modes: requests, live sockets and the reviews of others. */
import { liveCloseCodes } from "@kubev/api-types/live";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { putNewest } from "../src/access/put-newest.ts";
import { tokenExpiryMs } from "../src/identity/token-expiry.ts";
import { KubeError, kubeErrorFrom } from "../src/kube/kube-error.ts";
import { kubePath } from "../src/kube/kube-path.ts";
import { Person, startConsole, until } from "./console-under-test.ts";

let sim: KubeSim;
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" });
  sim.seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" }, status: { phase: "Active" } }]);
});
afterAll(async () => sim.close());

/** A service account that may list everything, and a token of it. */
async function account(name: string): Promise<string> {
  const rbac = "rbac.authorization.k8s.io";
  sim.seed([
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "default" } },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
    },
  ]);
  const kubeconfig = await sim.serviceAccountKubeconfig("default", name);
  return /token: "?([^"\s]+)/.exec(kubeconfig)?.[1] ?? "";
}

describe.each(["passthrough", "impersonate"])("acting mode %s", (mode) => {
  test("a revoked token ends requests and open sockets within ten seconds", async () => {
    const cut = await startConsole({ sim, env: { ACTING_MODE: mode } });
    const name = `short-${mode}`;
    const token = await account(name);
    const person = new Person(cut.url);
    await person.call("signInWithToken", { body: { token } });
    await until(async () => (await person.call("listProjects")).total > 0);
    const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
      headers: { cookie: person.cookie, origin: cut.url },
    });
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    await new Promise((resolve) => socket.on("open", resolve));

    const operator = await cut.signIn("operator");
    const gone = await operator.ask("deleteObject", {
      params: { noun: "service-account", project: "default", name },
    });
    expect(gone.status).toBe(204);
    const goneMs = performance.now();
    const refused = await until(async () => {
      const answer = await person.ask("listProjects");
      return answer.status === 401 && answer;
    });
    expect(["session-expired", "unauthenticated"]).toContain(
      (refused.body as { error: { code: string } }).error.code,
    );
    expect(await closed).toBe(liveCloseCodes.sessionEnded);
    expect(performance.now() - goneMs).toBeLessThan(10_000);
    // and it stays ended: what the browser asks first says so too, so that it goes to the sign-in page
    expect((await person.call("getSession")).user).toBeNull();
    expect((await person.ask("listProjects")).status).toBe(401);
    await cut.close();
  });

  test("a session lasts no longer than its token says", async () => {
    const cut = await startConsole({ sim, env: { ACTING_MODE: mode } });
    const name = `dated-${mode}`;
    await account(name);
    const { status } = await cut.app.services.service.json<{ status: { token: string } }>(
      kubePath("api", "v1", "namespaces", "default", "serviceaccounts", name, "token"),
      {
        method: "POST",
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          spec: { expirationSeconds: 3600 },
        },
      },
    );
    const { token } = status;
    const person = new Person(cut.url);
    const { expiresAt } = await person.call("signInWithToken", { body: { token } });
    expect(expiresAt).toBe(new Date(tokenExpiryMs(token) ?? 0).toISOString());
    await cut.close();
  });
});

test("who signs out in one tab leaves the rights of his other session asked by that other session", async () => {
  const cut = await startConsole({ sim });
  const token = await account("twice");
  const [stays, goes] = [new Person(cut.url), new Person(cut.url)];
  await stays.call("signInWithToken", { body: { token } });
  await goes.call("signInWithToken", { body: { token } });
  expect((await goes.call("listProjects")).total).toBeGreaterThan(0);
  await goes.call("signOut");
  expect((await stays.call("listProjects")).total).toBeGreaterThan(0);
  await cut.close();
});

test("of those who sign in again and again without signing out, only the newest few are kept", async () => {
  const kept = new Map([["a", 1]]);
  for (const key of ["b", "c", "a", "d", "e", "f"]) putNewest(kept, key, 2, 4);
  expect([...kept.keys()]).toEqual(["a", "d", "e", "f"]);

  const cut = await startConsole({ sim });
  const token = await account("forgetful");
  const people = Array.from({ length: 6 }, () => new Person(cut.url));
  for (const person of people) await person.call("signInWithToken", { body: { token } });
  const [first, ...others] = people;
  for (const other of others) await other.call("signOut");
  expect((await first?.call("listProjects"))?.total).toBeGreaterThan(0);
  await cut.close();
});

test("a 401 of plain text is a refusal, not a lost session (virt-api's own review)", () => {
  expect(kubeErrorFrom(401, "bob may not get virtualmachineinstances/vnc")).toMatchObject({
    status: 403,
    reason: "Forbidden",
  });
  const own = kubeErrorFrom(401, JSON.stringify({ kind: "Status", reason: "Unauthorized", message: "no" }));
  expect(own).toBeInstanceOf(KubeError);
  expect(own.status).toBe(401);
});

test("where the console's own account is refused, people stay signed in and are told whose fault it is", async () => {
  const cut = await startConsole({ sim, env: { ACTING_MODE: "impersonate" } });
  const operator = await cut.signIn("operator");
  expect((await operator.call("listProjects")).total).toBeGreaterThan(0);
  const heal = sim.faults.add({
    method: "GET",
    urlContains: "/configmaps/",
    effect: { kind: "status", code: 401 },
  });
  const params = { noun: "config-map", project: "default", name: "any" };
  const refused = await operator.refused("getObjectYaml", { params });
  heal();
  expect(refused.status).toBe(502);
  expect(refused.body.error).toMatchObject({
    code: "upstream-error",
    reason: { code: "console-account-refused" },
  });
  expect((await operator.call("listProjects")).total).toBeGreaterThan(0);
  await cut.close();
});

test("a token that is no JWT says nothing of its end", () => {
  expect(tokenExpiryMs("opaque")).toBeUndefined();
  expect(tokenExpiryMs("a.b.c")).toBeUndefined();
  expect(tokenExpiryMs(`x.${Buffer.from('{"exp":12}').toString("base64url")}.y`)).toBe(12_000);
});
