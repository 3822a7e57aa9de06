/** Which lines are SSH public keys. */
import { expect, test } from "vitest";
import { sshKeyProblem } from "../src/domain/ssh-public-key.ts";

/** A key of `type` whose blob says `named`, as ssh-keygen writes it. */
function key(type: string, named = type): string {
  const name = Buffer.from(named);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return `${type} ${Buffer.concat([length, name, Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 7)]).toString("base64")} me@here`;
}

test.each(["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com"])("%s", (type) => {
  expect(sshKeyProblem(key(type))).toBe(null);
});

test.each([
  ["nothing", ""],
  ["words", "ssh-ed25519 not a key"],
  ["another type in the blob", key("ssh-ed25519", "ssh-rsa")],
  ["a type of long ago", key("ssh-dss")],
  ["only the type's name", `ssh-rsa ${Buffer.from("\0\0\0\x07ssh-rsa", "latin1").toString("base64")}`],
])("%s is none", (_what, line) => {
  expect(sshKeyProblem(line)).toBe("invalid");
});

test("a private key is told apart", () => {
  expect(sshKeyProblem("-----BEGIN OPENSSH PRIVATE KEY-----")).toBe("private");
});
