/** The state of a form over something that exists: kept in this tab, and ready for others' changes to the same. */
import type { FieldConflict } from "@kubev/api-types/errors";
import { draftDecided, draftWith, type EditDraft, isDraftOf, isSame } from "./edit-draft.ts";
import { useKeptDraft } from "./kept-draft.ts";

/**
 * `stored` is what the form shows until something is typed; from then on no refetch moves it. `key` names the draft.
 * `isChanged`: saving would change something. `isDraft`: there is something to discard.
 */
export function useEditDraft<Fields extends object>(key: string, stored: Fields) {
  const { draft, setDraft, discard, forget } = useKeptDraft<EditDraft<Fields> | null>(key, null, {
    // kept by another version of this page, it may lack what the form has now
    revive: (kept) => (isDraftOf(stored, kept) ? kept : null),
    // nothing of the person's own is left in it: another visit shows what is stored then
    worthKeeping: (typed) => (typed !== null && isSame(typed.was, typed.now) ? null : typed),
  });
  const { was, now } = draft ?? { was: stored, now: stored };
  return {
    was,
    now,
    isDraft: draft !== null,
    isChanged: !isSame(was, now),
    change: (part: Partial<Fields>) => setDraft((before) => draftWith(before, stored, part)),
    decide: (conflict: FieldConflict, take: boolean) =>
      setDraft((before) => draftDecided(before, stored, conflict, take)),
    discard,
    /** Keeps it on screen, and nowhere else. */
    forget,
  };
}
