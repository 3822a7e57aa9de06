/** Kubernetes events, newest first: warnings stand out, the cluster's words stay its own. */
import type { EventRow } from "@kubev/api-types/events";
import { formatCount } from "../format/numbers.ts";
import { cx } from "../ui/cx.ts";
import { EmptyState } from "../ui/States.tsx";
import { StatusShape } from "../ui/Status.tsx";
import { Age } from "./Age.tsx";

export function EventList({
  events,
  brief = false,
}: {
  events: readonly EventRow[];
  brief?: boolean | undefined;
}) {
  if (events.length === 0)
    return brief ? (
      <p className="text-secondary">None in the last hour.</p>
    ) : (
      <EmptyState title="No events">
        The cluster keeps events for about an hour. Nothing was reported in that time.
      </EmptyState>
    );
  const newestFirst = [...events].sort((a, b) => b.lastAt.localeCompare(a.lastAt));
  return (
    <ul
      aria-label="Events"
      className={cx("flex flex-col", !brief && "divide-y divide-stroke border-y border-stroke")}
    >
      {newestFirst.map((event) => (
        <li key={event.uid} className={cx("flex min-w-0 gap-2.5", brief ? "py-1" : "py-2.5")}>
          <StatusShape tone={event.type === "Warning" ? "attention" : "off"} className="mt-1" />
          <div className="min-w-0 flex-1">
            <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{event.reason}</span>
              {event.count > 1 ? (
                <span className="tabular text-xs text-tertiary">{formatCount(event.count)} times</span>
              ) : null}
              {brief ? null : (
                <span className="min-w-0 truncate text-xs text-tertiary">
                  {event.object.kind} {event.object.name} · {event.source}
                </span>
              )}
              <span className="ml-auto shrink-0 text-xs text-tertiary">
                <Age iso={event.lastAt} ago />
              </span>
            </div>
            <p
              className={cx("text-secondary break-words", brief && "line-clamp-2")}
              title={brief ? event.message : undefined}
            >
              {event.message}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
