/** The schemas stay the same map while no kind and no answer changes: for each new map the editor looks its text through. */
import type { ObjectSchema } from "@kubev/api-types/object-schema";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement, useState } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { read } from "../api/queries.ts";
import { schemaKey } from "./schema-assist.ts";
import { useSchemas } from "./use-schemas.ts";

test("a letter that names no other kind makes no new map", () => {
  const query = { apiVersion: "v1", kind: "ConfigMap" };
  const schema: ObjectSchema = { root: { type: "object" }, shapes: {} };
  const cache = new QueryClient();
  cache.setQueryData(read("getObjectSchema", { query }).queryKey, schema);
  const seen: ReadonlyMap<string, ObjectSchema>[] = [];
  const texts = ["", "a", "ab"].map((typed) => `apiVersion: v1\nkind: ConfigMap\ndata:\n  key: ${typed}\n`);
  /** Renders once for each text, as an editor does for each letter. */
  function Typing() {
    const [at, setAt] = useState(0);
    seen.push(useSchemas(texts[at] ?? ""));
    if (at + 1 < texts.length) setAt(at + 1);
    return null;
  }
  renderToStaticMarkup(createElement(QueryClientProvider, { client: cache }, createElement(Typing)));
  expect(seen).toHaveLength(texts.length);
  expect(seen[0]?.get(schemaKey(query.apiVersion, query.kind))).toBe(schema);
  expect(new Set(seen).size).toBe(1);
});
