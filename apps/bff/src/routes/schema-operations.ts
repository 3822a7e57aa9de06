/** What fields a kind has, read as the caller from the cluster's own OpenAPI documents. */
import { type OpenApiDocument, objectSchemaOf } from "../domain/object-schema.ts";
import { notFound } from "../http/api-problem.ts";
import { KubeError } from "../kube/kube-error.ts";
import { kubePath } from "../kube/kube-path.ts";
import type { Operations } from "./operation.ts";

export const schemaOperations = {
  getObjectSchema: {
    access: "session",
    handle: async ({ caller, query: { apiVersion, kind }, signal }) => {
      const [group, version] = apiVersion.includes("/") ? apiVersion.split("/", 2) : ["", apiVersion];
      const path =
        group === "" || group === undefined
          ? kubePath("openapi", "v3", "api", version ?? "")
          : kubePath("openapi", "v3", "apis", group, version ?? "");
      try {
        const document = await caller.client.json<OpenApiDocument>(path, { signal });
        const schema = objectSchemaOf(document, group ?? "", version ?? "", kind);
        if (schema !== null) return schema;
      } catch (error) {
        if (!(error instanceof KubeError) || error.status !== 404) throw error;
      }
      throw notFound();
    },
  },
} satisfies Partial<Operations>;
