/**
 * Generated from the contract: each call of an operation that changes something leaves exactly one row in the trail, whether it
 * was done or refused, with who, what came of it and no secret; asking leaves none, and so does what is no call of it at all.
 */
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allOperations } from "../src/routes/all-operations.ts";
import type { ConsoleUnderTest, Person, RequestParts } from "./console-under-test.ts";
import { until } from "./console-under-test.ts";
import { marker, secret, startForeignProject } from "./foreign-project.ts";
import { operationCases, operationNames } from "./operation-calls.ts";

const canary = "canary-5eed5eed";
let cut: ConsoleUnderTest;

beforeAll(async () => {
  cut = await startForeignProject();
});
afterAll(async () => cut.close());

/** What changes nothing in the cluster although it is no GET: questions, and what is one's own at the console. */
const asksOnly = new Set<OperationName>([
  ...operationNames.filter((name) => /^(check|preview)[A-Z]/.test(name)),
  "putPreferences",
  // the console that is opened with it has rows of its own
  "createConsoleTicket",
  "createPodLogTicket",
  "createPodShellTicket",
]);
const changing = operationNames.filter((name) => endpointPaths[name].method !== "GET" && !asksOnly.has(name));

test("every operation that changes something says what the trail tells of it, and no other does", () => {
  const operations: Record<string, { audit?: unknown }> = allOperations(cut.app.services);
  // power actions on many machines have a row for each machine
  const declared = operationNames.filter(
    (name) => operations[name]?.audit !== undefined || name === "actOnVms",
  );
  expect(declared.toSorted()).toEqual(changing.toSorted());
});

const cloudInit = { kind: "form", userName: "admin", password: canary };

/** Bodies that hold what nobody else may know. */
const withSecrets: Partial<Record<OperationName, (project: string, name: string) => RequestParts["body"]>> = {
  signInWithToken: () => ({ token: canary }),
  createSecret: (_project, name) => ({
    kind: "opaque",
    name: `${name}-made`,
    entries: [{ key: "a", value: canary }],
  }),
  editSecret: () => ({ resourceVersion: "1", set: [{ key: "a", value: canary }] }),
  createVm: (_project, name) => ({
    name: `${name}-made`,
    source: { kind: "blank" },
    diskSizeBytes: 64 * 1024 ** 2,
    sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * 1024 ** 2 },
    cloudInit,
  }),
  createText: (project, name) => ({
    project,
    yaml: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}-text\nstringData:\n  a: ${canary}\n`,
  }),
};

interface Made {
  label: string;
  name: OperationName;
  requestId: string;
  status: number;
}

/** Deletions last, whole projects at the very end: what goes takes others' objects along. */
const lateness = (name: OperationName) =>
  name === "signOut" ? 3 : name === "deleteProject" ? 2 : name.startsWith("delete") ? 1 : 0;
const inOrder = operationCases.toSorted(([, a], [, b]) => lateness(a) - lateness(b));

async function callAll(person: Person): Promise<Made[]> {
  const made: Made[] = [];
  for (const [label, name, partsOf] of inOrder) {
    const parts = partsOf(secret, marker);
    const body = withSecrets[name]?.(secret, marker);
    const { cookie } = person;
    const { status, headers } = await person.ask(name, body === undefined ? parts : { ...parts, body });
    // who tries another token, or signs out, has a session again for what follows
    if (name !== "signOut") person.cookie = cookie;
    made.push({ label, name, status, requestId: headers.get("x-request-id") ?? "" });
  }
  return made;
}

/** Rows of the trail by request; evictions are the drain's, each of another machine. */
async function rowsByRequest() {
  const rows = await cut.app.services.database
    .selectFrom("audit")
    .selectAll()
    .where("action", "!=", "evict")
    .execute();
  return Map.groupBy(rows, ({ request_id }) => request_id);
}

describe.each(["bob", "operator"])("whatever %s calls", (who) => {
  let made: Made[];

  beforeAll(async () => {
    made = await callAll(await cut.signIn(who));
  }, 60_000);

  test("leaves one row for each change, and none for a question", async () => {
    const late = async () => {
      const rows = await rowsByRequest();
      return made.filter(({ name, requestId }) => changing.includes(name) && !rows.has(requestId));
    };
    // a row is written while the answer is under way
    await until(async () => (await late()).length === 0, 10_000).catch(() => {});
    expect((await late()).map(({ label, status }) => `${label} ${status}`)).toEqual([]);
    const rows = await rowsByRequest();
    const wrong = made.filter(
      ({ name, requestId }) => (rows.get(requestId)?.length ?? 0) !== (changing.includes(name) ? 1 : 0),
    );
    expect(wrong.map(({ label }) => label)).toEqual([]);
  });

  test("is told as what it was: done, refused or failed, and by whom", async () => {
    const rows = await rowsByRequest();
    const wrong: string[] = [];
    const done = new Set<string>();
    for (const { label, name, requestId, status } of made) {
      const row = rows.get(requestId)?.[0];
      if (row === undefined || name === "actOnVms") continue;
      const outcome =
        status < 300 ? /^(ok|running)$/ : status < 500 ? /^(refused|failed)$/ : /^(failed|refused)$/;
      if (!outcome.test(row.outcome)) wrong.push(`${label} ${status} ${row.outcome}`);
      if (status < 300) done.add(name);
      else if (row.reason === "") wrong.push(`${label} without a reason`);
      if (row.user_name !== who) wrong.push(`${label} by ${row.user_name}`);
      if (row.source_ip === "" || row.action === "" || row.name === "") wrong.push(`${label} without what`);
    }
    expect(wrong).toEqual([]);
    expect(done.size).toBeGreaterThanOrEqual(who === "operator" ? 20 : 1);
  });
});

test("no value of a secret is in the trail or the log, done or refused", async () => {
  const rows = await cut.app.services.database.selectFrom("audit").selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(canary);
  expect(JSON.stringify(rows)).not.toContain(btoa(canary).slice(0, -4));
  expect(cut.logs.join("\n")).not.toContain(canary);
  expect(
    rows.filter(({ action, outcome }) => action === "create" && outcome === "ok").length,
  ).toBeGreaterThan(5);
});
