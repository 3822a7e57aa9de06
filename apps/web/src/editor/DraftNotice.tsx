/** A text that was edited earlier and kept: said when it is opened again, for it looks like what is stored. */
import { useMemo } from "react";
import { formatExact } from "../format/dates.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";
import { isChangedSince } from "./yaml-draft.ts";

interface DraftNoticeProps {
  /** Within a sentence, e.g. "machine". */
  what: string;
  /** When it was begun; undefined where nobody wrote that down. */
  begunAt: string | undefined;
  /** What it began from, and what is stored now. */
  base: string;
  stored: string;
  busy: boolean;
  onMerge: () => void;
  onDiscard: () => void;
}

export function DraftNotice({ what, begunAt, base, stored, busy, onMerge, onDiscard }: DraftNoticeProps) {
  // it stays while somebody types
  const isOutdated = useMemo(() => isChangedSince(base, stored), [base, stored]);
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
