/** All catalogued nouns of one cluster, opened together. */
import type { FactsOf } from "@kubev/api-types/object-shapes";
import { objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { Inventory } from "../inventory/inventory.ts";
import type { NetworkIndex } from "../inventory/network-index.ts";
import { type CataloguedNoun, openCataloguedNoun } from "./catalogued-noun.ts";
import type { ObjectRecord, Related } from "./object-kind.ts";

export type Catalogue = Readonly<Record<ObjectNoun, CataloguedNoun>> & { readonly related: Related };

/** Must be made before the inventory starts, which then keeps its tables. */
export function openCatalogue(inventory: Inventory, networks: NetworkIndex, cluster: string): Catalogue {
  const related: Related = {
    feeds: inventory.feeds,
    networks,
    objects: <N extends ObjectNoun>(noun: N) =>
      nouns[noun].table.values() as IterableIterator<ObjectRecord<FactsOf<N>>>, // the rules of this noun made them
    version: (noun) => nouns[noun].table.version,
  };
  const nouns = Object.fromEntries(
    objectNouns.map((noun) => [noun, openCataloguedNoun(noun, inventory, cluster, () => related)]),
  ) as Record<ObjectNoun, CataloguedNoun>; // one entry per noun of the catalogue
  return { ...nouns, related };
}
