/** Every mistake in the environment is one clear line; what is allowed beyond loopback. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";
import { originRules } from "../src/http/request-guards.ts";

const folder = mkdtempSync(join(tmpdir(), "kubev-config-"));
const file = (name: string) => {
  writeFileSync(join(folder, name), "x");
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

function problems(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("an empty environment is a console on loopback", () => {
  expect(readConfig({})).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    signInModes: ["token"],
    databaseUrl: "",
    oidc: null,
  });
});

test("the result cannot be changed", () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test.each([
  [{ PORT: "eighty" }, "PORT"],
  [{ PORT: "70000" }, "PORT"],
  [{ HOST: "0.0.0.0" }, "HOST"],
  [{ SIGN_IN_MODES: "magic" }, "SIGN_IN_MODES"],
  [{ SIGN_IN_MODES: "oidc", OIDC_CLIENT_ID: "x" }, "OIDC_ISSUER"],
  [
    {
      SIGN_IN_MODES: "oidc",
      OIDC_ISSUER: "https://id.example.com",
      OIDC_CLIENT_ID: "x",
      ACTING_MODE: "impersonate",
      OIDC_USER_PREFIX: "oidc:",
    },
    "OIDC_GROUPS_PREFIX",
  ],
  [{ SIGN_IN_MODES: "kubeconfig" }, "KUBECONFIG_FILE"],
  [{ SIGN_IN_MODES: "kubeconfig,token", KUBECONFIG_FILE: file("k1") }, "SIGN_IN_MODES"],
  [{ SIGN_IN_MODES: "kubeconfig", KUBECONFIG_FILE: file("k2"), ACTING_MODE: "impersonate" }, "ACTING_MODE"],
  [
    {
      SIGN_IN_MODES: "kubeconfig",
      KUBECONFIG_FILE: file("k3"),
      HOST: "::",
      TLS_CERT_FILE: file("c"),
      TLS_KEY_FILE: file("k"),
    },
    "SIGN_IN_MODES",
  ],
  [
    {
      SIGN_IN_MODES: "kubeconfig",
      KUBECONFIG_FILE: file("k4"),
      TRUSTED_PROXY: "127.0.0.1",
      PUBLIC_URL: "https://127.0.0.1",
    },
    "TRUSTED_PROXY",
  ],
  [
    {
      SIGN_IN_MODES: "kubeconfig",
      KUBECONFIG_FILE: file("k5"),
      PUBLIC_URL: "https://console.example",
    },
    "PUBLIC_URL",
  ],
  [{ TLS_CERT_FILE: file("c2") }, "TLS_CERT_FILE, TLS_KEY_FILE"],
  [{ TRUSTED_PROXY: "10.0.0.1", HOST: "0.0.0.0" }, "PUBLIC_URL"],
  [{ KUBECONFIG_FILE: "/nowhere/at/all" }, "KUBECONFIG_FILE"],
  [{ WEB_DIR: "/nowhere/at/all" }, "WEB_DIR"],
  [{ SESSION_KEY: "short" }, "SESSION_KEY"],
  [{ DATABASE_URL: "postgres://db/x" }, "SESSION_KEY"],
  [{ DATABASE_URL: "mysql://db/x", SESSION_KEY: "k".repeat(40) }, "DATABASE_URL"],
])("%j is refused in one line that begins with %s", (env, variable) => {
  const lines = problems(env);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^${variable}: `));
  expect(lines[0]).not.toContain("\n");
});

test("beyond loopback works with TLS files, or with a declared proxy", () => {
  expect(problems({ HOST: "0.0.0.0", TLS_CERT_FILE: file("c3"), TLS_KEY_FILE: file("k4") })).toEqual([]);
  expect(
    problems({ HOST: "0.0.0.0", TRUSTED_PROXY: "10.0.0.0/8", PUBLIC_URL: "https://console.example" }),
  ).toEqual([]);
});

test.each(["http://[::1]:8080", "http://127.0.0.1:8080", "http://localhost:8080"])(
  "published as %s, the console answers to every name of loopback and to no other",
  (url) => {
    const rules = originRules(readConfig({ PUBLIC_URL: url }));
    for (const host of ["[::1]:8080", "127.0.0.1:8080", "localhost:8080"])
      expect(rules.expectedOrigin({ host })).toBe(`http://${host}`);
    expect(rules.expectedOrigin({ host: "[::2]:8080" })).toBeNull();
    expect(rules.expectedOrigin({ host: "console.example:8080" })).toBeNull();
  },
);
