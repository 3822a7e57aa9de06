/** Which catalogued nouns are offered where, of those that a person may list. Pure. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectNounsReply } from "@kubev/api-types/objects";
import { nounsOfHolders, nounsOfPlatform } from "../objects/object-words.ts";

export interface OfferedNouns {
  /** Of the project: what lies in projects. */
  project: readonly ObjectNoun[];
  /** Over all projects, and what lies in none. */
  platform: readonly ObjectNoun[];
  /** The project's. */
  secrets: boolean;
}

/** `own` is what may be listed in the project, undefined where none is open: then nothing is of one. */
export function offeredNouns(
  own: ObjectNounsReply | undefined,
  all: ObjectNounsReply | undefined,
): OfferedNouns {
  return {
    project: (own?.nouns ?? []).filter(
      (noun) => (objectCatalog[noun].namespaced || nounsOfHolders.has(noun)) && !nounsOfPlatform.has(noun),
    ),
    platform: all?.nouns ?? [],
    secrets: own?.secrets ?? false,
  };
}
