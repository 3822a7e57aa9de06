/** Nothing that a request holds changes who acts on the cluster or where: what reaches it is held against what must reach it. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "./console-under-test.ts";
import { type ActingMode, isAsBob, type Who, wrongWith } from "./deputy-judge.ts";
import { sendRaw } from "./raw-http.ts";
import type { RecordedConsole } from "./recorded-console.ts";
import { foreignProject, foreignValue, startRecordedConsole } from "./recorded-console.ts";
import { attack, bases, framed, places } from "./smuggling-attacks.ts";

/** `FUZZ_SEED=1` another run, `SOAK=1` a long one. */
const seed = Number(process.env["FUZZ_SEED"] ?? "20261123");
const numRuns = process.env["SOAK"] === "1" ? 20_000 : 400;
const modes: readonly ActingMode[] = ["impersonate", "passthrough"];

describe.each(modes)(
  "confused deputy (CVE-2026-33805, CVE-2021-31999, CVE-2025-64484, CVE-2025-66415, CVE-2021-21322) in %s",
  (mode) => {
    let world: RecordedConsole;
    let bob: Person;
    let who: Who;
    let operatorToken: string;

    beforeAll(async () => {
      world = await startRecordedConsole({ mode });
      const { cut, recorder, serviceToken, sim } = world;
      bob = await cut.signIn("bob");
      const { user } = await bob.call("getSession");
      who = {
        mode,
        ownToken: sim.users.find(({ name }) => name === "bob")?.token ?? "",
        serviceToken,
        authority: recorder.authority,
        userName: "bob",
        groups: user?.groups ?? [],
      };
      operatorToken = sim.users.find(({ name }) => name === "operator")?.token ?? "";
    });
    afterAll(async () => world.close());

    test("what the console asks by itself, and a sign-in, pass the same measure", () => {
      expect(world.recorder.seen.length).toBeGreaterThan(50);
      expect(world.recorder.seen.flatMap((request) => wrongWith(request, who) ?? [])).toEqual([]);
      expect(world.recorder.seen.filter(({ target }) => target.endsWith("selfsubjectreviews"))).toHaveLength(
        1,
      );
    });

    test(`no header, path, query, body, trailer or method changes who acts or where (seed ${seed})`, async () => {
      const { cut, recorder } = world;
      const statuses = new Map<number, number>();
      let asBob = 0;
      await fc.assert(
        fc.asyncProperty(attack, async ({ base, place, method, headers, asOperator, chunked, trailer }) => {
          const before = recorder.seen.length;
          const [usual, path, body] = base;
          const used = method ?? usual;
          const lines = [
            `${used} ${places[place](path)} HTTP/1.1`,
            `Host: ${new URL(cut.url).host}`,
            "Connection: close",
            `Cookie: ${bob.cookie}`,
            `Origin: ${cut.url}`,
            ...(body === "" ? [] : ["Content-Type: application/json"]),
            ...(asOperator ? [`Authorization: Bearer ${operatorToken}`] : []),
            ...headers,
          ];
          const rest = body === "" && !chunked ? "\r\n" : framed(body, chunked, trailer);
          const answer = await sendRaw(cut.url, `${lines.join("\r\n")}\r\n${rest}`);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          expect(answer.text).not.toContain(foreignValue);
          expect(answer.text).not.toContain("canary-of-the-vault");
          for (const request of recorder.seen.slice(before)) {
            expect({ wrong: wrongWith(request, who), request }).toEqual({ wrong: null, request });
            if (isAsBob(request, who)) asBob += 1;
          }
        }),
        { seed, numRuns, endOnFailure: true },
      );
      // it met the cluster, was refused by it and by the console, and nothing broke
      expect(asBob).toBeGreaterThan(numRuns / 20);
      for (const met of [200, 400, 403, 404]) expect(statuses.get(met) ?? 0).toBeGreaterThan(0);
      expect(statuses.get(500) ?? 0).toBe(0);
    }, 900_000);

    test.each(["GET", "POST"])(
      "a %s with `Connection: impersonate-user` keeps what the console says about who asks",
      async (method) => {
        const { cut, recorder } = world;
        const base = bases.find(([each, path]) => each === method && !path.includes(foreignProject));
        const [, path = "", body = ""] = base ?? [];
        const before = recorder.seen.length;
        const answer = await sendRaw(
          cut.url,
          `${method} ${path} HTTP/1.1\r\nHost: ${new URL(cut.url).host}\r\nConnection: close, impersonate-user, authorization\r\n` +
            `Cookie: ${bob.cookie}\r\nOrigin: ${cut.url}\r\n` +
            (body === "" ? "\r\n" : `Content-Type: application/json\r\n${framed(body, false, "")}`),
        );
        expect(answer.status).toBe(200);
        const acting = recorder.seen.slice(before).filter((request) => isAsBob(request, who));
        expect(acting.length).toBeGreaterThan(0);
        for (const { headers } of acting)
          expect(headers.filter(([name]) => /^(imp|auth)/.test(name))).toEqual(
            mode === "passthrough"
              ? [["authorization", `Bearer ${who.ownToken}`]]
              : [
                  ["authorization", `Bearer ${who.serviceToken}`],
                  ["impersonate-user", "bob"],
                  ...who.groups.map((group) => ["impersonate-group", group]),
                ],
          );
      },
    );
  },
);
