/** What a subresource handler gets and gives. */
import type { IncomingMessage } from "node:http";
import type { User } from "../auth/user.ts";
import type { MachineHost } from "../machines/machine.ts";
import type { Admission } from "../admission/admission.ts";
import type { Authorizer } from "../rbac/authorizer.ts";
import type { KubeStore } from "../store/kube-store.ts";

export interface ActionContext {
  store: KubeStore;
  machines: MachineHost;
  admission: Admission;
  authorizer: Authorizer;
  now: () => number;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

export interface ActionCall {
  namespace: string;
  name: string;
  user: User;
  request: IncomingMessage;
  url: URL;
  /** The parsed body; {} when there is none. */
  body: Record<string, unknown>;
}

/** An answer: empty, JSON, text or bytes. */
export type ActionAnswer =
  | { code: 200 | 202; kind: "empty" }
  | { code: 400; kind: "text"; text: string }
  | { code: 200; kind: "json"; body: unknown }
  | { code: 200; kind: "bytes"; bytes: Buffer; contentType: string };

export type Action = (context: ActionContext, call: ActionCall) => ActionAnswer | Promise<ActionAnswer>;

export const ACCEPTED: ActionAnswer = { code: 202, kind: "empty" };
export const DONE: ActionAnswer = { code: 200, kind: "empty" };

export const isDryRun = (call: ActionCall): boolean => {
  const dryRun = call.body["dryRun"];
  return Array.isArray(dryRun) && dryRun.includes("All");
};

export const VIRT_API = { fieldManager: "virt-api" };
