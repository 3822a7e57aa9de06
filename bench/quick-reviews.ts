/**
 * Answers access reviews of tenants in the cluster's place: within his projects a tenant may do everything, elsewhere nothing.
 * The simulator checks a signature and walks all bindings for each, and would be what is measured.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Tenant } from "./tenants.ts";

interface Review {
  kind?: string;
  spec?: { namespace?: string; resourceAttributes?: { namespace?: string } };
}

const everything = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];

export class QuickReviews {
  readonly #projects: ReadonlyMap<string, readonly string[]>;

  constructor(tenants: readonly Tenant[]) {
    this.#projects = new Map(tenants.map(({ token, projects }) => [`Bearer ${token}`, projects]));
  }

  /** @returns false where somebody else asks, or for something else */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const projects = this.#projects.get(request.headers.authorization ?? "");
    const asks = /\/selfsubject(access|rules)reviews$/.exec(request.url ?? "");
    if (projects === undefined || asks === null) return false;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { kind, spec } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Review; // the console asks no other way
      const allowed = projects.includes(spec?.namespace ?? spec?.resourceAttributes?.namespace ?? "");
      const rules = { resourceRules: allowed ? everything : [], nonResourceRules: [], incomplete: false };
      response.writeHead(201, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          apiVersion: "authorization.k8s.io/v1",
          kind,
          status: asks[1] === "rules" ? rules : { allowed },
        }),
      );
    });
    return true;
  }
}
