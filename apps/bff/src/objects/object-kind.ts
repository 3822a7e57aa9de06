/** What the server must know of one catalogued noun; everything else about it is the same for all (catalogued-noun.ts). */
import type { FieldError } from "@kubev/api-types/errors";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { DetailOf, FactsOf, SpecOf } from "@kubev/api-types/object-shapes";
import type { ObjectState } from "@kubev/api-types/objects";
import type { ActionDecision, Reason } from "@kubev/api-types/reason";
import type { Rights } from "../access/rights.ts";
import type { QueryField } from "../domain/query-language.ts";
import type { Feeds } from "../inventory/inventory.ts";
import type { NetworkIndex } from "../inventory/network-index.ts";
import type { SortValue } from "../inventory/sorted-entries.ts";
import type { RawMeta } from "../inventory/raw.ts";
import type { RecordBase } from "../domain/vm-records.ts";

/** What the inventory keeps of one object. */
export interface ObjectRecord<Facts = Record<string, unknown>> extends RecordBase {
  state: ObjectState;
  facts: Facts;
  labels: Readonly<Record<string, string>>;
}

/** The rest of the inventory, for what depends on other objects. Nothing in it was filtered by rights. */
export interface Related {
  feeds: Feeds;
  networks: NetworkIndex;
  /** Records of another catalogued noun. */
  objects: <N extends ObjectNoun>(noun: N) => Iterable<ObjectRecord<FactsOf<N>>>;
  /** Rises with every change of that noun, so that sums over it are made once. */
  version: (noun: ObjectNoun) => number;
}

/** At least this much of an object is read; kinds say what more. */
export interface RawNamed {
  metadata?: RawMeta;
}

/** How the noun's form becomes an object and back. */
export interface ObjectForm<N extends ObjectNoun, Raw extends RawNamed> {
  /** The whole object to store; `current` is what a change begins from, with everything the form does not know. */
  manifest(spec: SpecOf<N>, project: string, current: Raw | null): Record<string, unknown>;
  /** What the form would hold; null when the object says more than the form can. */
  spec(raw: Raw): SpecOf<N> | null;
  /** What the form leaves open and the cluster does not decide by itself; before anything is checked or built. */
  complete?(spec: SpecOf<N>, related: Related, project: string): SpecOf<N>;
  /** What is wrong beyond the shape and what the cluster's dry run finds; paths are the form's. */
  problems?(spec: SpecOf<N>, related: Related, project: string, current: Raw | null): FieldError[];
  /** The form's field for a field of the object, e.g. `spec.tier` → `tier`; null when none is meant. */
  fieldOf(kubernetesField: string): string | null;
}

/** Methods, not properties: kinds of different nouns stand in one table. */
export interface ObjectKind<N extends ObjectNoun, Raw extends RawNamed = RawNamed> {
  noun: N;
  /** State and facts of a row, at decoding: what it does not return is forgotten. Must not throw, whatever the object lacks. */
  read(raw: Raw): { state: ObjectState; facts: FactsOf<N> };
  /** Facts that depend on other objects, made when a row is shown to somebody. */
  join?(record: ObjectRecord<FactsOf<N>>, related: Related, rights: Rights): Partial<FactsOf<N>>;
  /** Of cluster-scoped things that belong to a project's people ('' for nobody's): they see those of their projects, reduced. */
  holderProject?(facts: FactsOf<N>): string;
  /** Columns to sort by beside name, project, status and created. */
  sort?: Readonly<Record<string, (facts: FactsOf<N>) => SortValue>>;
  /** Fields of the query language beside name, project, status and label. */
  fields?: Readonly<Record<string, QueryField<FactsOf<N>>>>;
  /** Words by which a search finds it beside name and project. */
  words?(facts: FactsOf<N>): readonly string[];
  detail(raw: Raw, related: Related, rights: Rights): DetailOf<N> | Promise<DetailOf<N>>;
  /** What to know of it; `rights` bound what it may tell of other objects. */
  notes?(raw: Raw, related: Related, rights: Rights): Reason[] | Promise<Reason[]>;
  /** The state's own rule; rights are asked apart from it. */
  mayEdit?(record: ObjectRecord<FactsOf<N>>): ActionDecision;
  mayDelete?(record: ObjectRecord<FactsOf<N>>, related: Related): ActionDecision;
  form?: ObjectForm<N, Raw>;
}

/** States most kinds have: there is nothing to wait for. */
export const present: ObjectState = { status: "ready", tone: "ok" };
