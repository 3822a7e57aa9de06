/** The schemas of the kinds that a text names; a kind that the cluster does not serve has none. */
import type { ObjectSchema } from "@kubev/api-types/object-schema";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { read } from "../api/queries.ts";
import { useSettled } from "../forms/use-settled.ts";
import { schemaKey } from "./schema-assist.ts";
import { kindsOf } from "./schema-problems.ts";

const mostKinds = 8;
const written = /^([a-z0-9][a-z0-9.-]*\/)?v[a-z0-9]+$/;

export function useSchemas(text: string): ReadonlyMap<string, ObjectSchema> {
  const kinds = useMemo(
    () =>
      kindsOf(text)
        .filter(({ apiVersion, kind }) => written.test(apiVersion) && /^[A-Za-z][A-Za-z0-9]*$/.test(kind))
        .slice(0, mostKinds),
    [text],
  );
  const { settled } = useSettled(kinds);
  return useQueries({
    queries: settled.map((query) => ({
      ...read("getObjectSchema", { query }),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: (answers) => {
      const known = new Map<string, ObjectSchema>();
      for (const [index, { data }] of answers.entries()) {
        const named = settled[index];
        if (data !== undefined && named !== undefined)
          known.set(schemaKey(named.apiVersion, named.kind), data);
      }
      return known;
    },
  });
}
