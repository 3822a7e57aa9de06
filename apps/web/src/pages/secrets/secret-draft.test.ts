/** No value of a secret outlives the page on which it is typed. */
import { expect, test } from "vitest";
import { emptyDraft, worthKeeping } from "./secret-draft.ts";

test("names and public keys are kept, values are not", () => {
  const kept = worthKeeping({
    ...emptyDraft,
    kind: "opaque",
    name: "team",
    publicKeys: "ssh-ed25519 AAAA ann@home\n\necdsa-sha2-nistp256 BBBB",
    server: "registry.example.org",
    userName: "ann",
    password: "canary",
    entries: [{ key: "token", value: "canary" }],
  });
  expect(JSON.stringify(kept)).not.toContain("canary");
  expect(kept).toMatchObject({
    name: "team",
    publicKeys: "ssh-ed25519 AAAA ann@home\n\necdsa-sha2-nistp256 BBBB",
    server: "registry.example.org",
    entries: [{ key: "token", value: "" }],
  });
});

test.each(["-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "ssh-rsa AAAA\nb3BlbnNzaC1rZXk="])(
  "what is no public key is not kept: %s",
  (publicKeys) => expect(worthKeeping({ ...emptyDraft, publicKeys }).publicKeys).toBe(""),
);
