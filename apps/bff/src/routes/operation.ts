/** What a route is: an operation of the contract, who may call it, what it leaves in the audit trail, and its code. */
import type { Readable } from "node:stream";
import type { ActivityRow } from "@kubev/api-types/activity";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { endpoints, ReplyOf } from "@kubev/api-types/endpoints";
import type { Noun } from "@kubev/api-types/resource-ref";
import type { z } from "zod";
import type { Caller } from "../identity/callers.ts";

type Part<Name extends OperationName, Key extends string> =
  (typeof endpoints)[Name] extends Record<Key, infer Schema extends z.ZodType> ? z.output<Schema> : undefined;

/** What the trail says of one call. Routes add the diff; secrets never belong in it. */
export interface AuditDraft {
  /** Where nobody is signed in yet: who he turned out to be. */
  user?: string;
  action: string;
  noun: Noun;
  project?: string | undefined;
  name: string;
  diff: ActivityRow["diff"];
}

/** One call, already validated. */
export interface Call<Name extends OperationName> {
  params: Part<Name, "params">;
  query: Part<Name, "query">;
  body: Part<Name, "body">;
  /** Aborts when the browser goes away. */
  signal: AbortSignal;
  requestId: string;
  sourceIp: string;
  /** Raw body and headers, for uploads. */
  stream: Readable;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  audit: AuditDraft | null;
  setCookie(value: string): void;
}

export type SessionCall<Name extends OperationName> = Call<Name> & { caller: Caller };
export type PublicCall<Name extends OperationName> = Call<Name> & { caller: Caller | null };

interface Common<Name extends OperationName> {
  /** Status of a success; 200 unless said. */
  status?: number;
  bodyKind?: "json" | "bytes" | "none";
  /** Begins the audit record of a writing operation; it is written whatever happens. */
  audit?: (call: Call<Name>) => AuditDraft;
  /** A rate limit of its own: calls per minute and address. */
  perMinute?: number;
}

export type Operation<Name extends OperationName> =
  | (Common<Name> & { access: "public"; handle: (call: PublicCall<Name>) => Promise<ReplyOf<Name>> })
  | (Common<Name> & { access: "session"; handle: (call: SessionCall<Name>) => Promise<ReplyOf<Name>> });

export type Operations = { readonly [Name in OperationName]: Operation<Name> };
