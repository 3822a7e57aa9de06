/** Whether a line is a public key that sshd takes: `type base64 comment`, where the blob repeats the type (RFC 4253 6.6). */

const types = new Set([
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
]);

/** @returns `null` for a key, else what is wrong with the line: a private key, or none at all */
export function sshKeyProblem(line: string): "private" | "invalid" | null {
  if (/PRIVATE KEY/.test(line)) return "private";
  const [type = "", blob = ""] = line.trim().split(/\s+/);
  if (!types.has(type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(blob)) return "invalid";
  const bytes = Buffer.from(blob, "base64");
  if (bytes.length < 4) return "invalid";
  const length = bytes.readUInt32BE(0);
  const named = bytes.subarray(4, 4 + length).toString("latin1");
  return named === type && bytes.length > 4 + length + 4 ? null : "invalid";
}
