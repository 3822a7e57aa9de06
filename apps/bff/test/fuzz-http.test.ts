/**
 * Every operation with inputs made of the server's own OpenAPI, valid and nearly so: no failure of the console's own, no hang,
 * and every refusal in the one shape. `SOAK=1` sends a hundred thousand.
 */
import { apiError } from "@kubev/api-types/errors";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import {
  deep,
  hostileTexts,
  jsonOf,
  type JsonSchema,
  pick,
  type ValueSource,
  valueOf,
} from "./schema-values.ts";
import { seededRandom } from "./stepped-clock.ts";
import { yamlText } from "./yaml-texts.ts";
import { watchRejections } from "./unhandled-rejections.ts";

const isSoak = process.env["SOAK"] === "1";
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_123);
const inputs = isSoak ? 100_000 : 1000;
const atOnce = 8;
const longestMs = 45_000;

interface Declared {
  operationId: string;
  method: string;
  path: string;
  params: Record<string, JsonSchema>;
  query: Record<string, JsonSchema>;
  body: JsonSchema | null;
}

interface OpenApi {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId?: string;
        parameters?: { in: string; name: string; schema: JsonSchema }[];
        requestBody?: { content: Record<string, { schema: JsonSchema }> };
      }
    >
  >;
}

/** Ends the session, or the cluster under all others. */
const leftOut = new Set(["signOut"]);

let cut: ConsoleUnderTest;
let operator: Person;
let operations: Declared[];
const rejections = watchRejections();

beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
  const { paths } = (await (await operator.fetch("GET", "/api/openapi.json")).json()) as OpenApi; // as @fastify/swagger writes it
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId = "", parameters = [], requestBody }]) => {
      const of = (where: string) =>
        Object.fromEntries(
          parameters.filter((one) => one.in === where).map(({ name, schema }) => [name, schema]),
        );
      const body = requestBody?.content["application/json"]?.schema ?? null;
      return operationId === "" || leftOut.has(operationId)
        ? []
        : [{ operationId, method: method.toUpperCase(), path, params: of("path"), query: of("query"), body }];
    }),
  );
});
afterAll(async () => {
  rejections.stop();
  await cut.close();
});

interface Input {
  operationId: string;
  method: string;
  url: string;
  body: string | null;
}

const words = [
  "web-shop",
  "shop-db-1",
  "shop-db-1-data",
  "host-1",
  "shared-images",
  "kubev-demo",
  "ovn-cluster",
  "ovn-default",
  "fuzz-1",
  "fuzz-2",
  "default",
  "10.16.0.0/16",
  "10.16.0.9",
  "1Gi",
  "name",
  "kubevirt.io/v1",
  "VirtualMachine",
  "status:running cpu>1",
] as const;

function inputOf(random: () => number): Input {
  const operation = pick(random, operations);
  const source: ValueSource = {
    random,
    words,
    texts: { yaml: yamlText },
    wrongness: pick(random, [0, 0.1, 0.5]),
  };
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_all, key: string) => {
    const value = valueOf(operation.params[key] ?? {}, operation.params[key] ?? {}, source, key);
    const text = typeof value === "string" ? value : jsonOf(value);
    return encodeURIComponent(text.toWellFormed().slice(0, 2000));
  });
  const query = new URLSearchParams();
  for (const [key, schema] of Object.entries(operation.query))
    if (random() < 0.5) {
      const value = valueOf(schema, schema, source, key);
      query.append(key, typeof value === "string" ? value : jsonOf(value));
      if (random() < 0.05) query.append(key, "again");
    }
  if (random() < 0.02) query.append(pick(random, hostileTexts), "x");
  const text = query.toString();
  let body: string | null = null;
  if (operation.body !== null) {
    const value = random() < 0.005 ? deep(20_000) : valueOf(operation.body, operation.body, source);
    body = jsonOf(value);
    // cut off, or with rubbish behind it
    if (random() < source.wrongness / 20) body = body.slice(0, Math.floor(random() * body.length));
    if (random() < source.wrongness / 20) body += pick(random, hostileTexts);
  }
  return {
    operationId: operation.operationId,
    method: operation.method,
    url: `${url}${text === "" ? "" : `?${text}`}`.slice(0, 12_000),
    body,
  };
}

/** What is wrong with the answer; null where nothing is. */
async function problemOf({ method, url, body }: Input): Promise<string | null> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${cut.url}${url}`, {
      method,
      headers: {
        cookie: operator.cookie,
        ...(method === "GET" ? {} : { origin: cut.url }),
        ...(body === null ? {} : { "content-type": "application/json" }),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(longestMs),
      ...(body === null ? {} : { body }),
    });
    text = await response.text();
  } catch (error) {
    return String(error);
  }
  if (response.status === 500) return `500 ${text}`;
  if (response.status < 400) return null;
  const parsed = apiError.safeParse(JSON.parse(text));
  return parsed.success ? null : `${response.status} ${text}`;
}

test(
  `${inputs} inputs (seed ${seed}) meet no failure of the console's own`,
  async () => {
    expect(operations.length).toBeGreaterThan(100);
    const random = seededRandom(seed);
    const wrong: (Input & { problem: string })[] = [];
    let left = inputs;
    const sender = async () => {
      while (left > 0 && wrong.length < 20) {
        left -= 1;
        const input = inputOf(random);
        const problem = await problemOf(input);
        if (problem !== null) wrong.push({ ...input, body: input.body?.slice(0, 2000) ?? null, problem });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    const logged = cut.logs.filter((line) => line.includes("unexpected failure"));
    expect(wrong).toEqual([]);
    expect(logged.slice(0, 3)).toEqual([]);
    expect(rejections.seen).toEqual([]);
    expect((await operator.ask("getSession")).status).toBe(200);
  },
  isSoak ? 3_600_000 : 120_000,
);

test.each([
  ["a name longer than any", `/api/projects/${"x".repeat(400)}`, 404],
  ["half an escape", "/api/projects/%", 400],
  ["an escape of no letter", "/api/projects/%ff", 400],
])("%s is refused as everything is", async (_what, path, status) => {
  const answer = await operator.fetch("GET", path);
  expect(answer.status).toBe(status);
  expect(apiError.safeParse(await answer.json()).success).toBe(true);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(answer.headers.get("x-request-id")).not.toBeNull();
});
