// oxlint-disable vitest/no-conditional-expect -- a property holds for both outcomes of one input, and says which must hold when
// oxlint-disable vitest/expect-expect -- fc.assert is the assertion of a property
/** Properties of the pure parts that take input from strangers: query language, paths, frames, list bodies, identities. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileQuery, parseQuery } from "../src/domain/query-language.ts";
import { cidrContains, parseIp } from "../src/domain/ip-math.ts";
import { bytesQuantity, parseQuantity } from "../src/domain/quantity.ts";
import { mask, maskObject, unmask } from "../src/domain/object-text.ts";
import { shellQuoted } from "../src/domain/shell-commands.ts";
import { safeReturnTo } from "../src/identity/oidc.ts";
import { identityHeaders, UnsafeIdentityError } from "../src/kube/acting-identity.ts";
import { ItemSplitter } from "../src/kube/item-splitter.ts";
import { BadSegmentError, kubePath } from "../src/kube/kube-path.ts";
import { parseLossless } from "../src/kube/lossless-json.ts";
import { FrameFollower } from "../src/consoles/frame-follower.ts";

/** Cuts a buffer at the given places. */
function cuts(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
}

describe("query language", () => {
  const fields = {
    name: { kind: "text", match: "contains", get: (e: { name: string }) => e.name },
    cpu: { kind: "number", get: () => 4, parse: Number },
    memory: { kind: "bytes", get: () => 2 ** 33 },
    status: { kind: "text", match: "equals", get: () => "Running", known: ["Running", "Stopped"] },
    label: { kind: "label", get: () => ({ env: "dev" }) },
  } as const;
  const compile = (text: string) => compileQuery(parseQuery(text), fields, (entry) => entry.name);

  test("no text makes it throw, and every problem lies inside the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500, unit: "grapheme" }), (text) => {
        const { test: run, problems } = compile(text);
        run?.({ name: "x" });
        for (const { at, length } of problems) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at + length).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  test("a negated term selects exactly the rest", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z]{0,8}$/), (word, name) => {
        expect(compile(word).test?.({ name })).toBe(!compile(`-${word}`).test?.({ name }));
      }),
    );
  });

  test.each([
    ["web", true],
    ['"two words"', false],
    ["name:web", true],
    ["-name:web", false],
    ["name=web-1", true],
    ['name="WEB-1"', true],
    ["name=web", false],
    ["-name=web", true],
    ["name=web,web-1", true],
    ["cpu>3 cpu<=4", true],
    ["cpu>4", false],
    ["cpu:>3", true],
    ["cpu:>4", false],
    ["memory>4Gi", true],
    ["memory:>16Gi", false],
    ["memory>4294967296", true],
    ["memory>0", true],
    ["status:running", true],
    ["status:foo,stopped", false],
    ["-status:stopped,foo", true],
    ["status:foo web", true],
    ["label:env=dev", true],
    ["-label:env=dev", false],
    ["label:env=prod,dev", true],
    ["nonsense:1 web", true],
  ])("%s on web-1 is %s", (text, expected) => {
    expect(compile(text).test?.({ name: "web-1" })).toBe(expected);
  });

  test("what is not understood is told", () => {
    const choices = Object.keys(fields).join(", ");
    expect(compile("nonsense:1").problems).toEqual([
      { at: 0, length: 10, reason: { code: "query-field-unknown", params: { field: "nonsense", choices } } },
    ]);
    expect(compile("cpu>many").problems[0]?.reason.code).toBe("query-value-not-number");
    expect(compile("name>a").problems[0]?.reason.code).toBe("query-operator-wrong");
    expect(compile("web status:foo,Stopped,bar").problems).toEqual([
      {
        at: 4,
        length: 22,
        reason: {
          code: "query-value-unknown",
          params: { field: "status", value: "foo, bar", choices: "Running, Stopped" },
        },
      },
    ]);
    expect(compile("status:foo").test).toBeNull();
    for (const bare of ["memory>4", "memory:>4", "memory:4", "memory<0.5"])
      expect(compile(bare)).toMatchObject({
        test: null,
        problems: [{ reason: { code: "query-unit-missing" } }],
      });
    expect(compile("memory>many").problems[0]?.reason.code).toBe("query-value-not-number");
    expect(compile("memory:>").problems[0]?.reason.params).toEqual({ field: "memory", value: "" });
    expect(compile("status:").problems).toEqual([]);
    expect(compile('"open').problems[0]?.reason.code).toBe("query-quote-open");
  });
});

test("a cluster path has exactly the segments it was given, or is refused", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ maxLength: 30 }),
          fc.string({ unit: "binary", maxLength: 30 }),
          fc.constantFrom("..", ".", "a/b", "%2e%2e", "a%2fb", "", "a\r\nb", "a?b", "a#b", "ok-1.x"),
          fc.constantFrom("a\\..\\b", "...", "a_b@c d", "system:node", "\ud800", "a\u0085b", "ü", "..;"),
        ),
      ),
      (segments) => {
        try {
          const path = kubePath("api", ...segments);
          expect(new URL(path, "https://cluster").pathname).toBe(path);
          expect(path).toMatch(/^[A-Za-z0-9._~!*'():%/-]+$/);
          expect(path.split("/").slice(2).map(decodeURIComponent)).toEqual(segments);
          expect(segments.join("")).not.toMatch(/[/\\%\p{Cc}]/u);
        } catch (error) {
          expect(error).toBeInstanceOf(BadSegmentError);
        }
      },
    ),
  );
});

test("identities become their own headers and nothing else, whatever they are called", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom("a\r\nImpersonate-Group: system:masters", "x\u0000", " lead", "ü"),
  );
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), (userName, groups) => {
      try {
        const headers = identityHeaders({ kind: "impersonate", userName, groups }, "Bearer service");
        expect(headers).toEqual([
          "authorization",
          "Bearer service",
          "impersonate-user",
          userName,
          ...groups.flatMap((group) => ["impersonate-group", group]),
        ]);
        for (const value of headers) expect(value).not.toMatch(/[\r\n\0]/);
      } catch (error) {
        expect(error).toBeInstanceOf(UnsafeIdentityError);
      }
    }),
  );
});

test("a list body is cut into its items however it arrives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 3 }).map((value) => ({ kind: "X", items: [value], value }))),
      fc.array(fc.nat(5000), { maxLength: 40 }),
      fc.boolean(),
      (items, places, metadataFirst) => {
        const metadata = { resourceVersion: "7", continue: 'a"}]{[' };
        const body = metadataFirst ? { kind: "List", metadata, items } : { kind: "List", items, metadata };
        const seen: unknown[] = [];
        const splitter = new ItemSplitter((json) => seen.push(JSON.parse(json.toString("utf8"))));
        for (const piece of cuts(Buffer.from(JSON.stringify(body)), places)) splitter.push(piece);
        expect(splitter.end().metadata).toEqual(metadata);
        expect(seen).toEqual(JSON.parse(JSON.stringify(items)));
      },
    ),
  );
});

test("a list body that breaks off is an error", () => {
  const splitter = new ItemSplitter(() => {});
  splitter.push(Buffer.from('{"items":[{"a":1},{"b"'));
  expect(() => splitter.end()).toThrow(SyntaxError);
});

test("frames are followed however they are cut", () => {
  const frame = fc.record({
    size: fc.oneof(fc.nat(125), fc.integer({ min: 126, max: 70_000 })),
    masked: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(frame, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(100_000), { maxLength: 30 }),
      (frames, places) => {
        const ends = new Set<number>([0]);
        const parts: Buffer[] = [];
        let at = 0;
        for (const { size, masked } of frames) {
          const bit = masked ? 0x80 : 0;
          const head =
            size < 126
              ? Buffer.from([0x82, bit | size])
              : size < 65_536
                ? Buffer.from([0x82, bit | 126, size >> 8, size & 0xff])
                : Buffer.from([0x82, bit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
          if (size >= 65_536) head.writeUInt32BE(size, 6);
          const whole = Buffer.concat([head, Buffer.alloc(masked ? 4 : 0, 1), Buffer.alloc(size, 0x88)]);
          parts.push(whole);
          at += whole.length;
          ends.add(at);
        }
        const follower = new FrameFollower();
        let passed = 0;
        for (const piece of cuts(Buffer.concat(parts), places)) {
          follower.push(piece);
          passed += piece.length;
          expect(follower.atBoundary).toBe(ends.has(passed));
        }
        expect(follower.sawClose).toBe(false);
      },
    ),
    { numRuns: 50 },
  );
});

test("numbers beyond 2^53 keep every digit", () => {
  expect(parseLossless('{"a":18446744073709551615,"b":1.5,"c":12}')).toEqual({
    a: "18446744073709551615",
    b: 1.5,
    c: 12,
  });
});

test("quantities of bytes read back as they were", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 50 }), (bytes) => {
      expect(parseQuantity(bytesQuantity(bytes))).toBe(bytes);
    }),
  );
  expect([parseQuantity("500m"), parseQuantity("1.5Gi"), parseQuantity("1e3")]).toEqual([
    0.5,
    1.5 * 2 ** 30,
    1000,
  ]);
  expect(parseQuantity("many")).toBeNaN();
});

test("an address lies in the network of its own prefix", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (ip, length) => {
      expect(cidrContains(`${ip}/${length}`, ip)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (ip) => {
      if (parseIp(ip) !== null) expect(cidrContains(`${ip}/64`, ip)).toBe(true);
    }),
  );
  expect(cidrContains("10.0.0.0/24", "10.0.1.1")).toBe(false);
});

test("masked secrets come back when left alone, and never show", () => {
  const vm = (userData: string) => ({
    kind: "VirtualMachine",
    metadata: { name: "x" },
    spec: {
      template: { spec: { volumes: [{ name: "other" }, { name: "ci", cloudInitNoCloud: { userData } }] } },
    },
  });
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), (secret) => {
      const before = vm(`canary-${secret}`);
      const { object, masked } = maskObject(before);
      expect(masked).toEqual(["/spec/template/spec/volumes/1/cloudInitNoCloud/userData"]);
      expect(JSON.stringify(object)).not.toContain(JSON.stringify(`canary-${secret}`).slice(1, -1));
      expect(unmask(object, before)).toEqual({ value: before, lost: [] });
    }),
  );
  expect(unmask({ a: mask }, {}).lost).toEqual(["/a"]);
});

test("a shell sees one word, whatever the text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const quoted = shellQuoted(text);
      if (quoted !== text) expect(quoted.replaceAll(`'\\''`, "")).toMatch(/^'[^']*'$/);
    }),
  );
});

test("a sign-in returns to this console only", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string(),
        fc.constantFrom(
          "//evil.example",
          "/\\evil.example",
          "/%5cevil",
          "javascript:alert(1)",
          "/ok?x=1#y",
          "/\t/evil",
          "https:/evil",
          "/..//evil.example",
        ),
      ),
      (value) => {
        const target = new URL(safeReturnTo(value), "http://console.example");
        expect(target.origin).toBe("http://console.example");
        expect(safeReturnTo(value)).not.toMatch(/^\/[/\\]/);
      },
    ),
  );
  expect(safeReturnTo("/projects/a/vms?q=x")).toBe("/projects/a/vms?q=x");
});
