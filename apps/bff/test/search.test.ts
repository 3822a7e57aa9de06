/** Search over all nouns: the best comes first, however many others hold the word too. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "web-shop" },
  data,
});
let cut: ConsoleUnderTest;
let alice: Person;

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([
    ...Array.from({ length: 90 }, (_, index) => configMap(`a-${index}`, { zeta: "" })),
    configMap("the-zeta", {}),
    configMap("zeta", {}),
    configMap("zeta-two", {}),
  ]);
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

test("a name that is the text, then one that begins so, then one that has it, then what has it elsewhere", async () => {
  const search = async () => (await alice.call("search", { query: { q: "zeta", limit: 12 } })).hits;
  const hits = await until(async () => {
    const found = await search();
    return found.length === 12 && found;
  });
  expect(hits.map(({ title }) => title).slice(0, 4)).toEqual(["zeta", "zeta-two", "the-zeta", "a-0"]);
});
