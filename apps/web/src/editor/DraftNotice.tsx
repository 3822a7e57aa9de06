/** A text that was edited earlier and kept: said when it is opened again, for it looks like what is stored. */
import { formatExact } from "../format/dates.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";

interface DraftNoticeProps {
  /** Within a sentence, e.g. "machine". */
  what: string;
  /** When it was begun; undefined where nobody wrote that down. */
  begunAt: string | undefined;
  /** Whether something else is stored now than what it began from. */
  isOutdated: boolean;
  busy: boolean;
  onMerge: () => void;
  onDiscard: () => void;
}

export function DraftNotice({ what, begunAt, isOutdated, busy, onMerge, onDiscard }: DraftNoticeProps) {
  const since = begunAt === undefined ? "" : ` of ${formatExact(begunAt)}`;
  return (
    <Notice
      tone={isOutdated ? "attention" : "off"}
      action={
        <span className="flex flex-wrap gap-2">
          {isOutdated ? (
            <Button size="sm" busy={busy} onClick={onMerge}>
              Merge
            </Button>
          ) : null}
          <Button size="sm" onClick={onDiscard}>
            Discard the draft
          </Button>
        </span>
      }
    >
      {`This is your draft${since}, not what is stored. `}
      {isOutdated
        ? `The ${what} has changed since: the text below shows what it was then, with your changes.`
        : `The ${what} has not changed since.`}
    </Notice>
  );
}
