/** What may be known of a secret without its values: what it is for, its keys, fingerprints, and what may be done with it. Pure. */
import { createHash, X509Certificate } from "node:crypto";
import type { SecretKeyFacts, SecretRow, SecretSort } from "@kubev/api-types/secrets";
import type { ActionDecision } from "@kubev/api-types/reason";
import { allowed, denied } from "./reasons.ts";
import { sshKeyProblem } from "./ssh-public-key.ts";
import type { NeededRight } from "./vm-actions.ts";

/** As the cluster sends it; values are base64. */
export interface RawSecret {
  metadata?: {
    name?: string;
    uid?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    resourceVersion?: string;
    annotations?: Record<string, string>;
    ownerReferences?: { kind?: string; name?: string }[];
  };
  type?: string;
  immutable?: boolean;
  data?: Record<string, string> | null;
}

const right = (verb: string): NeededRight => ({ verb, group: "", resource: "secrets", subresource: "" });

export const secretRights = {
  list: right("list"),
  show: right("get"),
  create: right("create"),
  edit: right("patch"),
  delete: right("delete"),
} as const;

const sortOfType: Readonly<Record<string, SecretSort>> = {
  "kubernetes.io/dockerconfigjson": "registry",
  "kubernetes.io/dockercfg": "registry",
  "kubernetes.io/basic-auth": "login",
  "kubernetes.io/tls": "certificate",
  "kubernetes.io/service-account-token": "account-token",
};
/** KubeVirt reads them in both spellings (pkg/cloud-init/cloud-init.go). */
const firstStartKeys = new Set(["userdata", "userData", "networkdata", "networkData"]);
/** Longer values are no list of public keys, and not worth reading. */
const longestKeysBytes = 64 * 1024;

const textOf = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

/** The public keys that a value is made of, one on each line; none where it holds anything else. */
function publicKeysIn(base64: string): string[] {
  if (base64.length > longestKeysBytes * 2) return [];
  const lines = textOf(base64)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.every((line) => sshKeyProblem(line) === null) ? lines : [];
}

export function sortOf({ type = "Opaque", data }: RawSecret): SecretSort {
  const known = sortOfType[type];
  if (known !== undefined) return known;
  const entries = Object.entries(data ?? {});
  if (type !== "Opaque" || entries.length === 0) return "other";
  if (entries.every(([key]) => firstStartKeys.has(key))) return "first-start";
  return entries.every(([, value]) => publicKeysIn(value).length > 0) ? "ssh-keys" : "other";
}

/** As `ssh-keygen -l` writes it: SHA-256 of the key itself, base64 without padding. */
function fingerprintOf(line: string): { type: string; fingerprint: string } {
  const [type = "", blob = ""] = line.split(/\s+/);
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
  return { type, fingerprint: `SHA256:${digest.replace(/=+$/, "")}` };
}

function expiryOf(base64: string): string | null {
  const text = textOf(base64);
  if (!text.includes("-----BEGIN CERTIFICATE-----")) return null;
  try {
    return new X509Certificate(text).validToDate.toISOString();
  } catch {
    return null; // not a certificate after all, which is no reason to show nothing
  }
}

export function keyFactsOf(secret: RawSecret): SecretKeyFacts[] {
  return Object.entries(secret.data ?? {})
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => ({
      key,
      sizeBytes: Buffer.byteLength(value, "base64"),
      publicKeys: publicKeysIn(value).map(fingerprintOf),
      expiresAt: expiryOf(value),
    }));
}

type HeldRights = Readonly<Record<"show" | "edit" | "delete", boolean>> | undefined;

/** What may be done with it: its own state first, then the caller's rights. */
export function secretActions(
  { type, immutable, metadata }: RawSecret,
  held: HeldRights,
  project: string,
): SecretRow["actions"] {
  const byRight = (action: keyof SecretRow["actions"]): ActionDecision =>
    held?.[action] === true
      ? allowed
      : denied("no-permission", { verb: secretRights[action].verb, resource: "secrets", project });
  const leaving = metadata?.deletionTimestamp === undefined ? undefined : denied("object-is-deleting");
  const fixed =
    type === "kubernetes.io/service-account-token"
      ? denied("secret-of-account")
      : immutable === true
        ? denied("object-immutable")
        : undefined;
  return {
    show: byRight("show"),
    edit: leaving ?? fixed ?? byRight("edit"),
    delete: leaving ?? byRight("delete"),
  };
}

/** A value in clear: text where the bytes are text, else base64. */
export function valueInClear(base64: string): { value: string; encoding: "text" | "base64" } {
  const bytes = Buffer.from(base64, "base64");
  try {
    return {
      value: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: "text",
    };
  } catch {
    return { value: base64, encoding: "base64" };
  }
}
