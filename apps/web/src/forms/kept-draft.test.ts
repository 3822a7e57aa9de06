/** Drafts in the tab's storage: what comes back, what is gone, what is never kept. */
import { beforeEach, expect, test } from "vitest";
import { keepDraft, keptDraft, mayHoldSecrets, withoutCredentials } from "./kept-draft.ts";

let kept: Map<string, string>;
let storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
beforeEach(() => {
  kept = new Map();
  storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
});

test("a draft comes back under its own key, and is gone when given up", () => {
  keepDraft("a", { name: "web" }, storage);
  expect(keptDraft("a", storage)).toEqual({ name: "web" });
  expect(keptDraft("b", storage)).toBeNull();
  keepDraft("a", null, storage);
  expect(kept.size).toBe(0);
});

test("what cannot be read or written is no draft and no failure", () => {
  kept.set("kubev.draft/a", "{broken");
  expect(keptDraft("a", storage)).toBeNull();
  const full = () => {
    throw new Error("QuotaExceededError");
  };
  keepDraft("a", {}, { setItem: full, removeItem: full });
});

test.each([
  "kind: Secret\ndata: {}",
  "stringData:\n  a: b",
  "cloudInitNoCloud:\n  userData: |\n    #cloud-config",
  "chpasswd: { expire: false }",
  "args: [--password=x]",
  "-----BEGIN OPENSSH PRIVATE KEY-----",
])("text that may hold a secret is not kept: %s", (yaml) => expect(mayHoldSecrets(yaml)).toBe(true));

test.each([
  "kind: VirtualMachine\nspec:\n  runStrategy: Always",
  "cloudInitNoCloud:\n  userData: ••• hidden, kept as it is •••",
])("other text is: %s", (yaml) => expect(mayHoldSecrets(yaml)).toBe(false));

test("an address is kept without its credentials", () => {
  expect(withoutCredentials("https://me:pw@host.example/a.qcow2")).toBe("https://host.example/a.qcow2");
  expect(withoutCredentials("https://host.example/a@b")).toBe("https://host.example/a@b");
});
