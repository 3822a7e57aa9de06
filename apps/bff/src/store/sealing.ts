/** Opaque ids and sealed values: what the database holds opens only with the server's key and the holder's id together. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** 256 random bits, URL-safe. */
export function newOpaqueId(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored instead of an opaque id. */
export function hashId(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}

const ivBytes = 12;
const tagBytes = 16;

function keyFor(serverKey: string, id: string): Buffer {
  return Buffer.from(hkdfSync("sha256", serverKey, id, "kubev-console sealed value", 32));
}

export function seal(serverKey: string, id: string, value: unknown): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", keyFor(serverKey, id), iv);
  const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
}

/** Null when the key or the id does not fit, or the value was tampered with. */
export function unseal(serverKey: string, id: string, sealed: string): unknown {
  try {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", keyFor(serverKey, id), bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    return JSON.parse(text.toString("utf8")) as unknown;
  } catch {
    return null; // the caller treats it like a session that is not there
  }
}

/** The server's key: as configured, else one made once in `dataDir` that only this user reads. */
export function serverKey(configured: string, dataDir: string): string {
  if (configured !== "") return configured;
  const file = join(dataDir, "session.key");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = newOpaqueId();
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: "wx" });
  return key;
}
