/** An edited text and what somebody else stored meanwhile: when that happened, what it is, and both brought together. */
import type { CurrentText } from "@kubev/api-types/errors";
import type { YamlCheck } from "@kubev/api-types/object-yaml";
import { ApiError } from "../api/api-error.ts";
import { conflictMarkerLines, mergeText } from "./merge-text.ts";

export interface Draft {
  /** What the draft began from. */
  base: string;
  resourceVersion: string;
  text: string;
  /** When the first change was made, RFC 3339; drafts kept by an older console have none. */
  begunAt?: string;
  /** It was kept, and is on screen because the text was opened again. */
  reopened?: boolean;
}

/** What a person's change can collide with: all but what the cluster writes by itself at every turn. */
function ownLines(yaml: string): string {
  const [own = ""] = yaml.split(/^status:/m);
  return own.replace(/^ {2}(resourceVersion|generation):.*\n/gm, "");
}

/** Whether an object was changed between two of its texts; its status and version alone are no change. */
export function isChangedSince(base: string, stored: string): boolean {
  return ownLines(base) !== ownLines(stored);
}

type Problem = YamlCheck["problems"][number];

/** The check's problems that the text itself can be blamed for, and whether the object changed below it. */
export function sortProblems(check: YamlCheck | undefined): { problems: Problem[]; outdated: boolean } {
  const all = check?.problems ?? [];
  const problems = all.filter(({ reason }) => reason.code !== "changed-meanwhile");
  return { problems, outdated: problems.length < all.length };
}

export function isConflict(error: Error | null): error is ApiError {
  return error instanceof ApiError && error.code === "conflict";
}

/** What is stored now, where the refusal of a save says it. */
export function currentOf(error: Error | null): CurrentText | undefined {
  return isConflict(error) ? error.detail?.current : undefined;
}

/** The draft on top of `current`; places that both sides changed are marked in its text. */
export function mergeDraft(draft: Draft, current: CurrentText): Draft {
  return {
    ...draft,
    base: current.yaml,
    resourceVersion: current.resourceVersion,
    text: mergeText(draft.base, draft.text, current.yaml).text,
  };
}

/** A marker that still stands in the text, as a problem of its line (counted from 1). */
interface UndecidedPlace {
  line: number;
  message: string;
}

export function undecidedPlaces(text: string): UndecidedPlace[] {
  return conflictMarkerLines(text).map((line) => ({
    line,
    message: "A place that both of you changed is not decided. Keep what is right and remove this marker.",
  }));
}

/** Why a text with markers in it is neither checked nor saved; undefined when there are none. */
export function undecidedRefusal(places: readonly UndecidedPlace[]): string | undefined {
  if (places.length === 0) return undefined;
  return `Decide the places that both of you changed first. Lines with markers: ${places.map(({ line }) => line).join(", ")}.`;
}
