/** Which catalogued nouns the navigation offers: those that this person may list, in the project and over the platform. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import { nounsOfHolders, nounsOfPlatform } from "../objects/object-words.ts";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { useLiveFeed } from "../api/live/use-live.ts";

interface OfferedNouns {
  /** Of the project: what lies in projects. */
  project: readonly ObjectNoun[];
  /** Over all projects, and what lies in none. */
  platform: readonly ObjectNoun[];
  /** The project's. */
  secrets: boolean;
}

export function useObjectNouns(project: string | undefined): OfferedNouns {
  useLiveFeed("session");
  const own = useQuery({
    ...read("listObjectNouns", { query: project === undefined ? {} : { project } }),
    enabled: project !== undefined,
  });
  const all = useQuery(read("listObjectNouns", { query: {} }));
  return {
    project: (own.data?.nouns ?? []).filter(
      (noun) => (objectCatalog[noun].namespaced || nounsOfHolders.has(noun)) && !nounsOfPlatform.has(noun),
    ),
    platform: all.data?.nouns ?? [],
    secrets: own.data?.secrets ?? false,
  };
}
