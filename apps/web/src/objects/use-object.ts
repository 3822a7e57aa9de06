/** Which catalogued object a page is about, and its detail. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectDetail } from "@kubev/api-types/objects";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useLiveFeed } from "../api/live/use-live.ts";
import { read } from "../api/queries.ts";
import { useNamed } from "../components/use-place.ts";
import { paramsOfObject } from "./ObjectDelete.tsx";
import { nounOfPlural } from "./object-words.ts";

/** The noun in the path; undefined when there is none of that name. */
export function useObjectNoun(): ObjectNoun | undefined {
  const { plural = "" }: { plural?: string } = useParams({ strict: false });
  return nounOfPlural(plural);
}

/** One object, kept current while it is on screen. */
export function useObjectQuery(noun: ObjectNoun) {
  const { project, name } = useNamed();
  const where = objectCatalog[noun].namespaced ? project : "";
  const params = paramsOfObject(noun, where, name);
  useLiveFeed("object", where === "" ? undefined : where, name, noun);
  const query = useQuery(read("getObject", { params })) as UseQueryResult<ObjectDetail>; // as: the noun's own shape, by the server
  return { params, query, name };
}
