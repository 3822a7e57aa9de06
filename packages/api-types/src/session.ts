/** Who is signed in, how one may sign in, and what the navigation shows. */
import { z } from "zod";

export const signInMode = z.enum(["oidc", "token", "kubeconfig"]);
export type SignInMode = z.infer<typeof signInMode>;

export const user = z.object({
  /** The name the cluster knows. */
  name: z.string(),
  displayName: z.string(),
  groups: z.array(z.string()),
});
export type User = z.infer<typeof user>;

/** What the navigation shows: decided by the cluster's answers for this caller. */
export const areas = z.object({
  /** May see the operator's pages over all projects. */
  platform: z.boolean(),
  hosts: z.boolean(),
  /** May list every VPC and subnet. */
  networks: z.boolean(),
  /** May make VPCs and subnets. */
  createNetworks: z.boolean(),
  activity: z.boolean(),
  createProject: z.boolean(),
});
export type Areas = z.infer<typeof areas>;

export const sessionReply = z.object({
  user: user.nullable(),
  /** How to sign in; several may be on together. */
  signInModes: z.array(signInMode),
  /** The words on the identity provider's button. */
  oidcLabel: z.string().optional(),
  areas: areas.nullable(),
  /** ISO 8601; null without a session or where sessions do not end (local kubeconfig). */
  idleExpiresAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  /** Name and id of the one cluster this console shows. */
  cluster: z.object({ id: z.string(), name: z.string() }),
  consoleVersion: z.string(),
  /** Shown to people who may see nothing yet: whom to ask. Set by the operator (`SUPPORT_CONTACT`). */
  supportContact: z.string().optional(),
  /** Demo users of an embedded cluster; absent everywhere else. Never carries a password. */
  demo: z.boolean(),
});
export type SessionReply = z.infer<typeof sessionReply>;

/** A bearer token that the cluster accepts; it goes into the server's session and nowhere else. */
export const tokenSignIn = z.strictObject({ token: z.string().min(1).max(16_384) });
export type TokenSignIn = z.infer<typeof tokenSignIn>;
