/** Sessions end when they should, only when they should, and nothing of them can be replayed. */
import { unattendedHeader } from "@kubev/api-types/endpoint-paths";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCookie, sessionCookie } from "../src/identity/cookies.ts";
import { seal, serverKey, unseal } from "../src/store/sealing.ts";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole } from "./console-under-test.ts";
import { ShiftedClock } from "./shifted-clock.ts";

describe("sealing and cookies", () => {
  const key = "k".repeat(40);
  test("a value sealed for one id opens with no other", () => {
    const sealed = seal(key, "one", { a: 1 });
    expect(unseal(key, "one", sealed)).toEqual({ a: 1 });
    expect(unseal(key, "two", sealed)).toBeNull();
    expect(unseal(key, "one", `${sealed.slice(0, -4)}AAAA`)).toBeNull();
  });

  test("the server's key is made once and kept from others", () => {
    const folder = mkdtempSync(join(tmpdir(), "kubev-key-"));
    const made = serverKey("", folder);
    expect(serverKey("", folder)).toBe(made);
    expect(made.length).toBeGreaterThanOrEqual(32);
    rmSync(folder, { recursive: true });
  });

  test("two cookies of one name are none", () => {
    expect(readCookie(`${sessionCookie}=a`, sessionCookie)).toBe("a");
    expect(readCookie(`${sessionCookie}=a; ${sessionCookie}=b`, sessionCookie)).toBeNull();
    expect(readCookie(`x${sessionCookie}=a`, sessionCookie)).toBeNull();
  });
});

describe("over HTTP", () => {
  let cut: ConsoleUnderTest;
  beforeAll(async () => {
    cut = await startConsole({ scenario: "empty" });
  });
  afterAll(async () => cut.close());

  test("the cookie is opaque, host-bound, unreadable for scripts", async () => {
    const token = cut.sim.users[0]?.token ?? "";
    const response = await new Person(cut.url).fetch("POST", "/api/session/token", { body: { token } });
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-kubev=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    expect(await response.text()).not.toContain(token);
  });

  test("signing in gives a new id, whatever was sent before, and ends the old one", async () => {
    const person = await cut.signIn("operator");
    const before = person.cookie;
    await person.call("signInWithToken", { body: { token: cut.sim.users[0]?.token ?? "" } });
    expect(person.cookie).not.toBe(before);
    expect((await new Person(cut.url, before).ask("listVms")).status).toBe(401);
    const planted = new Person(cut.url, `__Host-kubev=${"A".repeat(43)}`);
    await planted.call("signInWithToken", { body: { token: cut.sim.users[0]?.token ?? "" } });
    expect(planted.cookie).not.toContain("A".repeat(43));
  });

  test("after signing out the cookie is worth nothing (CVE-2024-31999)", async () => {
    const person = await cut.signIn("operator");
    const cookie = person.cookie;
    await person.call("signOut");
    const replay = await new Person(cut.url, cookie).ask("listVms");
    expect(replay.status).toBe(401);
  });

  test("a restart keeps people signed in", async () => {
    const person = await cut.signIn("operator");
    await cut.app.drain();
    const again = await startConsole({ sim: cut.sim, dataDir: cut.dataDir });
    expect((await new Person(again.url, person.cookie).ask("listVms")).status).toBe(200);
    await again.close();
  });

  test("idle and absolute limits end a session over HTTP, and say which", async () => {
    const clock = new ShiftedClock();
    const limited = await startConsole({
      sim: cut.sim,
      clock,
      env: { SESSION_IDLE_MINUTES: "10", SESSION_MAX_HOURS: "1" },
    });
    const refusal = async (person: Person) => (await person.refused("listVms")).body.error;
    const idle = await limited.signIn("operator");
    const busy = await limited.signIn("operator");
    const left = await limited.signIn("operator");
    for (let minutes = 0; minutes < 54; minutes += 9) {
      clock.forward(9 * 60_000);
      expect((await busy.ask("listVms")).status).toBe(200);
      const asked = (await left.ask("listVms", { headers: { [unattendedHeader]: "1" } })).status;
      // its tab goes on asking by itself, which keeps nothing alive: it works after 9 minutes, and no more after 18
      expect(asked).toBe(minutes === 0 ? 200 : 401);
    }
    expect(await refusal(idle)).toMatchObject({ code: "session-expired", reason: { code: "session-idle" } });
    clock.forward(6 * 60_000 + 1);
    expect(await refusal(busy)).toMatchObject({
      code: "session-expired",
      reason: { code: "session-too-old" },
    });
    expect((await refusal(busy)).code).toBe("unauthenticated");
    await limited.close();
  });
});
