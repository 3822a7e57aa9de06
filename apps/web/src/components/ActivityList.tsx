/** The audit trail as sentences: who did what to which object, and how it went. */
import type { ActivityRow } from "@kubev/api-types/activity";
import { reasonWithCause } from "../reasons/reason-text.ts";
import { nounWords } from "../shell/palette-entries.ts";
import { cx } from "../ui/cx.ts";
import { StatusShape, type StatusTone } from "../ui/Status.tsx";
import { activityWords, sessionBytes, targetWords } from "./activity-words.ts";
import { Age } from "./Age.tsx";
import { AppLink } from "./AppLink.tsx";
import { linkOf } from "./resource-link.ts";

const tones: Record<ActivityRow["outcome"], StatusTone> = {
  ok: "ok",
  refused: "attention",
  failed: "error",
  running: "working",
};
const outcomeWords: Record<ActivityRow["outcome"], string> = {
  ok: "Done",
  refused: "Refused",
  failed: "Failed",
  running: "Under way",
};

interface ActivityListProps {
  rows: readonly ActivityRow[];
  brief?: boolean | undefined;
  /** False on the page of the one object that all rows are about. */
  withTarget?: boolean | undefined;
}

export function ActivityList({ rows, brief = false, withTarget = true }: ActivityListProps) {
  if (rows.length === 0) return <p className="text-secondary">Nothing was done through the console yet.</p>;
  return (
    <ul className={cx("flex flex-col", !brief && "max-w-7xl divide-y divide-stroke border-y border-stroke")}>
      {rows.map((row) => (
        <li key={row.id} className={cx("flex min-w-0 gap-2.5", brief ? "py-1" : "py-2.5")}>
          <StatusShape tone={tones[row.outcome]} className="mt-1" />
          <div className="min-w-0 flex-1">
            <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
              <span className="min-w-0 break-words">
                <span className="font-medium">{row.user || "Somebody"}</span> {activityWords(row)}{" "}
                {withTarget ? <Target row={row} brief={brief} /> : `the ${nounWords[row.noun].toLowerCase()}`}
              </span>
              <span className="ml-auto shrink-0 text-xs text-tertiary">
                <Age iso={row.at} ago />
              </span>
            </div>
            {row.outcome === "ok" && (brief || row.diff.length === 0) ? null : (
              <p className="text-xs break-words text-secondary">
                {row.outcome === "ok" ? "" : `${outcomeWords[row.outcome]}. `}
                {row.reason === undefined ? "" : reasonWithCause(row.reason)}
              </p>
            )}
            {brief || row.diff.length === 0 ? null : <Diff row={row} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Target({ row, brief }: { row: ActivityRow; brief: boolean }) {
  const to = linkOf({ cluster: "", noun: row.noun, project: row.project, name: row.name });
  return (
    <>
      {row.noun === "virtual-machine" || row.noun === "session" ? null : (
        <span className="text-tertiary">{nounWords[row.noun].toLowerCase()} </span>
      )}
      {to === undefined ? (
        targetWords(row)
      ) : (
        <AppLink to={to} className="underline decoration-1 underline-offset-2">
          {row.name}
        </AppLink>
      )}
      {brief || row.project === undefined ? null : <span className="text-tertiary"> in {row.project}</span>}
    </>
  );
}

const mostShown = 600;

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

/** What changed, field by field; a whole new object is folded away. */
function Diff({ row }: { row: ActivityRow }) {
  const bytes = sessionBytes(row.diff);
  if (bytes !== null) return <p className="tabular text-xs text-secondary">{bytes}</p>;
  const whole = row.diff.find((change) => change.path === "");
  if (whole !== undefined)
    return (
      <details className="mt-1">
        <summary className="w-fit text-xs text-tertiary hover:text-content">What was sent</summary>
        <pre
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="mt-1 max-h-72 overflow-auto rounded-md border border-stroke bg-sunken px-2.5 py-1.5 font-mono text-xs"
        >
          {JSON.stringify(whole.new ?? whole.old, null, 2)}
        </pre>
      </details>
    );
  return (
    <ul className="mt-1 rounded-md border border-stroke bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere">
      {row.diff.map((change) => (
        <li key={change.path}>
          <span className="text-tertiary">{change.path.slice(1)}</span>{" "}
          {change.old === undefined ? null : (
            <span className="text-error line-through">{shown(change.old)}</span>
          )}{" "}
          {change.new === undefined ? null : <span className="text-ok">{shown(change.new)}</span>}
        </li>
      ))}
    </ul>
  );
}
