/** Secrets of a project: what they are and what uses them. A value travels only by `showSecretValue`, one key at a time. */
import { z } from "zod";
import { warning } from "./list-query.ts";
import { actionDecision } from "./reason.ts";
import { resourceName } from "./resource-ref.ts";

/** What a secret is for. `first-start`: cloud-init data of a machine. `account-token`: the cluster's own, never edited. */
export const secretSort = z.enum([
  "ssh-keys",
  "first-start",
  "registry",
  "login",
  "certificate",
  "account-token",
  "other",
]);
export type SecretSort = z.infer<typeof secretSort>;

export const secretUse = z.object({
  kind: z.enum([
    "virtual-machine",
    "disk",
    "data-import-cron",
    "service-account",
    "pod",
    "deployment",
    "stateful-set",
    "daemon-set",
    "job",
    "cron-job",
  ]),
  name: z.string(),
});
export type SecretUse = z.infer<typeof secretUse>;

export const secretRow = z.object({
  project: z.string(),
  name: z.string(),
  uid: z.string(),
  createdAt: z.string(),
  sort: secretSort,
  /** Kubernetes' own type, e.g. `kubernetes.io/tls`. */
  type: z.string(),
  /** Names only. */
  keys: z.array(z.string()),
  usedBy: z.array(secretUse),
  actions: z.object({ show: actionDecision, edit: actionDecision, delete: actionDecision }),
});
export type SecretRow = z.infer<typeof secretRow>;

/** `uses=false` leaves `usedBy` to what a secret says itself; the rest takes reading all machines, disks and pods of the project. */
export const secretListQuery = z.object({ uses: z.enum(["true", "false"]).default("true") });

export const secretList = z.object({
  secrets: z.array(secretRow),
  create: actionDecision,
  /** What could not be looked at, so that something more may use a secret, or more secrets may be there. */
  warnings: z.array(warning),
});

/** What is known of a key without its value. */
export const secretKeyFacts = z.object({
  key: z.string(),
  sizeBytes: z.number().int(),
  /** Of each public key in it: the type and the SHA-256 fingerprint, as `ssh-keygen -l` writes it. */
  publicKeys: z.array(z.object({ type: z.string(), fingerprint: z.string() })),
  /** Of a certificate: the end of its validity (ISO 8601); else null. */
  expiresAt: z.string().nullable(),
});
export type SecretKeyFacts = z.infer<typeof secretKeyFacts>;

export const secretDetail = z.object({
  row: secretRow,
  resourceVersion: z.string(),
  keys: z.array(secretKeyFacts),
  warnings: z.array(warning),
});
export type SecretDetail = z.infer<typeof secretDetail>;

/** Which characters a key may have is the cluster's to say. */
const key = z.string().min(1).max(253);
const entry = z.strictObject({ key, value: z.string().max(1024 ** 2) });

export const secretCreate = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ssh-keys"),
    name: resourceName,
    /** One public key each. */
    publicKeys: z.array(z.string().min(1).max(8192)).max(50),
  }),
  z.strictObject({
    kind: z.literal("registry"),
    name: resourceName,
    /** Host name of the registry, with its port where it is not the usual one. */
    server: z.string().min(1).max(253),
    userName: z.string().min(1).max(200),
    password: z.string().min(1).max(16_384),
  }),
  z.strictObject({ kind: z.literal("opaque"), name: resourceName, entries: z.array(entry).max(100) }),
]);
export type SecretCreate = z.infer<typeof secretCreate>;

export const secretCreated = z.object({ name: z.string() });

/** Single keys put in or taken out; all others stay unread. */
export const secretEdit = z.strictObject({
  resourceVersion: z.string().min(1).max(100),
  set: z.array(entry).max(100).default([]),
  remove: z.array(key).max(100).default([]),
});

/** The object that was looked at, so that nothing made anew under its name goes. */
export const secretDeleteQuery = z.object({ uid: z.string().min(1).max(100) });

export const secretValueRequest = z.strictObject({ key });
/** `base64` where the bytes are no text. */
export const secretValue = z.object({ value: z.string(), encoding: z.enum(["text", "base64"]) });
