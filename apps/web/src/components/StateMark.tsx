/** A state in a list, with its reason behind the word; all that is known of the reason is under the pointer and read out. */
import type { Reason, Tone } from "@kubev/api-types/reason";
import { reasonText, reasonWithCause, unshownOf } from "../reasons/reason-text.ts";
import { StatusMark } from "../ui/Status.tsx";

interface StateMarkProps {
  tone: Tone;
  word: string;
  reason: Reason | undefined;
  /** What stands behind the word instead of the reason; '' for nothing. */
  detail?: string | undefined;
}

export function StateMark({ tone, word, reason, detail }: StateMarkProps) {
  const shown = detail ?? (reason && reasonText(reason));
  return (
    <span className="flex min-w-0" title={reason && reasonWithCause(reason)}>
      <StatusMark tone={tone} detail={shown || undefined}>
        {word}
      </StatusMark>
      {reason === undefined ? null : <span className="sr-only">{unshownOf(reason, shown)}</span>}
    </span>
  );
}
