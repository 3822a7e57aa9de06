/** Bodies that are too large, too deep or never end are refused soon, whatever operation they are sent to. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import { apiError } from "@kubev/api-types/errors";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import { operationCases } from "./operation-calls.ts";

let cut: ConsoleUnderTest;
let operator: Person;
beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
});
afterAll(async () => cut.close());

const depth = 100_000;
const deepText = `${"[".repeat(depth)}${"]".repeat(depth)}`;
const mark = "@@deep@@";

/** The same body with something deep in place of each part of it, and beside its parts. */
function withDeepParts(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  const inside = (value: unknown): unknown[] =>
    Array.isArray(value)
      ? [[mark], mark]
      : typeof value === "object" && value !== null
        ? [
            mark,
            { ...value, more: mark },
            ...Object.keys(value)
              .slice(0, 2)
              .map((key) => ({ ...value, [key]: mark })),
          ]
        : [mark];
  const variants = Object.entries(body).flatMap(([key, value]) =>
    inside(value).map((part) => ({ ...body, [key]: part })),
  );
  return [...variants, { ...body, more: mark }].map((one) =>
    JSON.stringify(one).replaceAll(`"${mark}"`, deepText),
  );
}

const isRefusal = (status: number, text: string): boolean =>
  status >= 400 && status !== 500 && apiError.safeParse(JSON.parse(text)).success;

/** Each operation with a body once; of those of every catalogued noun a few nouns. */
const cases = operationCases
  .map(([label, name, partsOf]) => ({ label, name, parts: partsOf("web-shop", "shop-db-1") }))
  .filter(({ name, parts }) => parts.body !== undefined && name !== "signInWithToken")
  .filter(({ label }) => !label.includes(" of ") || / of (config-map|vpc|role|service)$/.test(label));

test(`${depth} levels of JSON anywhere in a body are refused, and nothing breaks`, async () => {
  const wrong: string[] = [];
  expect(cases.length).toBeGreaterThan(40);
  for (const { label, name, parts } of cases) {
    const { method, path } = endpointPaths[name];
    const url = `${cut.url}${path.replaceAll(/:(\w+)/g, (_all, key: string) => encodeURIComponent(parts.params?.[key] ?? ""))}`;
    const answers = await Promise.all(
      withDeepParts(parts.body).map(async (body) => {
        const answer = await fetch(url, {
          method,
          headers: { cookie: operator.cookie, origin: cut.url, "content-type": "application/json" },
          body,
        });
        return { status: answer.status, text: await answer.text() };
      }),
    );
    // a preview answers with what is wrong
    for (const { status, text } of answers)
      if (status === 200 ? !text.startsWith('{"ok":false') : !isRefusal(status, text))
        wrong.push(`${label}: ${status} ${text.slice(0, 200)}`);
  }
  expect([...new Set(wrong)]).toEqual([]);
}, 60_000);

/** Sends `head`, then as much of 100 MB as is taken; resolves with what was answered and how much was taken. */
async function pour(headers: readonly string[], wrap: (chunk: Buffer) => Buffer) {
  const { port } = new URL(cut.url);
  const socket: Socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  const answered: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => answered.push(chunk));
  const state = { over: false };
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      state.over = true;
      resolve();
    });
  });
  socket.write(
    [
      "POST /api/projects/web-shop/disks HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      `Origin: ${cut.url}`,
      `Cookie: ${operator.cookie}`,
      "Content-Type: application/json",
      ...headers,
      "\r\n",
    ].join("\r\n"),
  );
  const chunk = wrap(Buffer.alloc(1024 * 1024, 0x20));
  for (let sent = 0; sent < 100 && !state.over; sent += 1) {
    if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => {}), closed]);
  }
  if (!state.over) socket.end();
  await closed;
  return { text: Buffer.concat(answered).toString("latin1"), taken: socket.bytesWritten };
}

test.each<[string, string[], (chunk: Buffer) => Buffer]>([
  ["said beforehand", ["Content-Length: 104857600"], (chunk) => chunk],
  [
    "said by nothing",
    ["Transfer-Encoding: chunked"],
    (chunk) => Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]),
  ],
])("100 MB of JSON, their length %s, are not taken", async (_how, headers, wrap) => {
  const before = process.memoryUsage.rss();
  const { text } = await pour(headers, wrap);
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text).toContain('"too-large"');
  expect(process.memoryUsage.rss() - before).toBeLessThan(120 * 1024 ** 2);
  expect((await operator.ask("getSession")).status).toBe(200);
});
