/** What a choice among many says of itself: how many it shows of how many, that it looks, that it failed. Pure. */
import { formatCount } from "../format/numbers.ts";

/** Besides `shown`, `more` match. `isLooking`: the answer to what is typed is not there yet. */
export interface ChoiceState {
  shown: number;
  more: number;
  isLooking: boolean;
  /** Why what there is could not be read: whole sentences. */
  failed: string | undefined;
  /** Said when nothing matches. */
  emptyText: string;
}

/** `isSeen` false: the list itself says it to who sees it, and only others are told. */
export interface ChoiceWords {
  text: string;
  tone: "error" | "plain";
  isSeen: boolean;
}

export function choiceWords({ shown, more, isLooking, failed, emptyText }: ChoiceState): ChoiceWords {
  if (failed !== undefined) return { text: failed, tone: "error", isSeen: true };
  if (shown === 0) return { text: isLooking ? "Searching" : emptyText, tone: "plain", isSeen: true };
  if (isLooking) return { text: "", tone: "plain", isSeen: false };
  if (more > 0)
    return {
      text: `${formatCount(shown)} of ${formatCount(shown + more)} are shown. Type to find the others.`,
      tone: "plain",
      isSeen: true,
    };
  return { text: shown === 1 ? "1 matches." : `${formatCount(shown)} match.`, tone: "plain", isSeen: false };
}
