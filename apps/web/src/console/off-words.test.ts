/** What stands over a console that is not tried. */
import { expect, test } from "vitest";
import { offWords } from "./off-words.ts";

const refused = (code: string, params?: Record<string, string>) =>
  ({ allowed: false, reason: { code, ...(params === undefined ? {} : { params }) } }) as const;

test("a machine that does not run is promised a connection", () => {
  expect(offWords(refused("vm-is-stopped"), "vnc")).toMatchObject({
    title: "Not running",
    detail: expect.stringContaining("connects by itself"),
  });
});

test("a missing right is said as such, without a promise", () => {
  const reason = refused("no-permission", {
    verb: "get",
    resource: "virtualmachineinstances/vnc",
    project: "web-shop",
  });
  const screen = offWords(reason, "vnc");
  expect(screen?.title).toBe("You may not open this screen");
  expect(screen?.detail).not.toContain("connects");
  expect(screen?.raw).toBe("get virtualmachineinstances/vnc");
  expect(offWords(reason, "serial")?.title).toBe("You may not open this console");
});

test("a console that may be opened has no such words", () => {
  expect(offWords({ allowed: true }, "vnc")).toBeNull();
});
