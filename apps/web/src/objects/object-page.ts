/** What the browser must know of one catalogued noun; lists, pages, forms and texts are the same for all. */
import type { FactsOf, SpecInputOf } from "@kubev/api-types/object-shapes";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectDetail, ObjectRow } from "@kubev/api-types/objects";
import type { ComponentType, ReactNode } from "react";
import type { Search } from "../query-string.ts";
import type { Column } from "../table/column.ts";
import type { QueryHint } from "../table/SearchBox.tsx";
import type { StatusTone } from "../ui/Status.tsx";

export interface ObjectFormProps<Spec> {
  /** Undefined for nouns that lie in no project. */
  project: string | undefined;
  spec: Spec;
  change: (part: Partial<Spec>) => void;
  /** The sentence at a field, or undefined. Fields carry their path as `data-field`. */
  errorAt: (path: string) => string | undefined;
  /** True while an existing object is changed: its name is fixed. */
  existing: boolean;
}

/** A method, not a property: forms of different nouns go through one page. */
export interface FormRemedy<Spec> {
  /** On the button. */
  verb: string;
  change(spec: Spec): Partial<Spec>;
}

export interface ObjectFormPage<N extends ObjectNoun> {
  /** One sentence below the title. */
  lead: string;
  /** What an empty form holds; `search` is the URL's, so that other pages can begin one. */
  initial: (project: string | undefined, search: Search) => SpecInputOf<N>;
  /** Names of the fields as the form shows them, by path; `*` stands for one index. */
  labels: Readonly<Record<string, string>>;
  Fields: ComponentType<ObjectFormProps<SpecInputOf<N>>>;
  /** What mends the thing that a note of the server tells of, by the note's code. */
  remedies?: Readonly<Record<string, FormRemedy<SpecInputOf<N>>>>;
}

export interface ObjectPage<N extends ObjectNoun> {
  noun: N;
  /** Within the list's search box. */
  placeholder: string;
  hints: readonly QueryHint[];
  /** Between state and age; name, project, state and age are there by themselves. */
  columns: readonly Column<ObjectRow<N>>[];
  /** Words and tones of `state.status`. */
  states: Readonly<Record<string, { word: string; tone: StatusTone }>>;
  /** What the noun is for, said where there are none. */
  empty: string;
  /** Has no form, and is made by people all the same: from YAML. */
  fromText?: boolean;
  /** Made by the cluster itself: people only change it. */
  fromCluster?: true;
  /** What a project has of them, where `many` would say the project twice. */
  manyOwn?: string;
  /** Facts of a row on a small screen. */
  narrow: (facts: FactsOf<N>) => readonly string[];
  Overview: ComponentType<{ detail: ObjectDetail<N> }>;
  /** What goes with it, as whole sentences. */
  deletion: (row: Pick<ObjectRow<N>, "facts">) => ReactNode;
  form?: ObjectFormPage<N>;
  /** Buttons of its own, before those that all have. */
  Actions?: ComponentType<{ detail: ObjectDetail<N> }>;
  /** A tab with what it wrote. */
  Logs?: ComponentType<{ detail: ObjectDetail<N> }>;
  /** A tab in which commands are run. */
  Shell?: ComponentType<{ detail: ObjectDetail<N> }>;
}

export const deletingState = { word: "Being deleted", tone: "working" } as const;
export const readyState = { word: "Ready", tone: "ok" } as const;
