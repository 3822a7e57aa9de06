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

/** Outside of the hook, so that what it makes stays the same list while no answer changes. */
const dataOf = (answers: readonly { data: ObjectSchema | undefined }[]) => answers.map(({ data }) => data);

/** The same map until another kind is named or answered: the editor looks the whole text through for each new one. */
export function useSchemas(text: string): ReadonlyMap<string, ObjectSchema> {
  const kinds = useMemo(
    () =>
      kindsOf(text)
        .filter(({ apiVersion, kind }) => written.test(apiVersion) && /^[A-Za-z][A-Za-z0-9]*$/.test(kind))
        .slice(0, mostKinds),
    [text],
  );
  const { settled } = useSettled(kinds);
  const schemas = useQueries({
    queries: settled.map((query) => ({
      ...read("getObjectSchema", { query }),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: dataOf,
  });
  return useMemo(() => {
    const known = new Map<string, ObjectSchema>();
    for (const [index, { apiVersion, kind }] of settled.entries()) {
      const schema = schemas[index];
      if (schema !== undefined) known.set(schemaKey(apiVersion, kind), schema);
    }
    return known;
  }, [settled, schemas]);
}
