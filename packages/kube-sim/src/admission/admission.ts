/** The seam between the HTTP layer and the rules that change or refuse writes. */
import type { User } from "../auth/user.ts";
import type { Kind } from "../schema/kind.ts";
import type { KubeObject } from "../store/kube-object.ts";

export interface AdmissionRequest {
  operation: "CREATE" | "UPDATE" | "DELETE";
  kind: Kind;
  /** The API group of the request; the kind's own, but for what has two doors. */
  group: string;
  namespace: string;
  name: string;
  subresource: string;
  user: User;
  dryRun: boolean;
  /** Absent on CREATE. */
  old?: KubeObject;
  /** Adds a Warning header. */
  warn: (text: string) => void;
}

/** Returns the object as it shall be stored (changed or not); throws a StatusError to refuse. DELETE passes `old`. */
export interface AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject;
}

/** All rules in order. */
export class Admission {
  readonly #rules: AdmissionRule[];
  constructor(rules: AdmissionRule[]) {
    this.#rules = rules;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    return this.#rules.reduce((current, rule) => rule.admit(current, request), object);
  }
}
