/** The catalogued nouns that the navigation and the palette offer this person. */
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { type OfferedNouns, offeredNouns } from "./offered-nouns.ts";

export function useObjectNouns(project: string | undefined): OfferedNouns {
  // the shell follows the session's feed, which has these fetched again
  const all = useQuery(read("listObjectNouns", { query: {} }));
  const own = useQuery({
    ...read("listObjectNouns", { query: project === undefined ? {} : { project } }),
    enabled: project !== undefined,
  });
  // without a project both ask the same, so the second has the first's answer
  return offeredNouns(project === undefined ? undefined : own.data, all.data);
}
