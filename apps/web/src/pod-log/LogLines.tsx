/** The lines of a log, virtualised, as text and nothing else. Who scrolls back stops the following. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { formatExact } from "../format/dates.ts";
import { cx } from "../ui/cx.ts";
import type { ShownLine } from "./log-buffer.ts";

interface LogLinesProps {
  label: string;
  lines: readonly ShownLine[];
  wrap: boolean;
  times: boolean;
  /** Keeps the newest line in view. */
  follow: boolean;
  onLeaveEnd: () => void;
  wanted: string;
  /** Index of the match that is stood on, or -1. */
  current: number;
  empty: ReactNode;
}

const lineHeight = 18;
const backKeys: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

export function LogLines(props: LogLinesProps) {
  const { lines, wrap, follow, current, onLeaveEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 30,
    paddingStart: 8,
    paddingEnd: 8,
  });
  const last = lines.at(-1)?.id ?? -1;
  useEffect(() => virtual.measure(), [virtual, wrap, props.times]);
  useEffect(() => {
    if (follow && last >= 0) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [virtual, follow, last, lines.length, wrap]);
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current, { align: "center" });
  }, [virtual, current]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only notices that somebody scrolls back
    <div
      ref={scroller}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={props.label}
      data-testid="pod-log"
      onWheel={({ deltaY }) => {
        if (deltaY < 0) onLeaveEnd();
      }}
      onKeyDown={({ key }) => {
        if (backKeys.has(key)) onLeaveEnd();
      }}
      onTouchMove={onLeaveEnd}
      className="h-[60vh] min-h-64 overflow-auto rounded-md border border-stroke bg-sunken font-mono text-xs"
    >
      {lines.length === 0 ? <p className="p-3 font-sans text-tertiary">{props.empty}</p> : null}
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          return (
            <div
              key={line.id}
              ref={virtual.measureElement}
              data-index={item.index}
              style={{ transform: `translateY(${item.start}px)` }}
              className={cx(
                "absolute top-0 left-0 flex min-h-[18px] gap-3 px-3 leading-[18px]",
                wrap ? "w-full" : "min-w-full",
                item.index === current && "bg-hover",
                line.kind === "note" && "text-secondary italic",
              )}
            >
              {props.times ? (
                <time className="shrink-0 text-tertiary select-none" title={line.at}>
                  {line.at === "" ? "–" : formatExact(line.at)}
                </time>
              ) : null}
              <span className={wrap ? "min-w-0 break-words whitespace-pre-wrap" : "whitespace-pre"}>
                <Marked text={line.text} wanted={props.wanted} />
                {line.kind === "line" && line.cut ? (
                  <span className="text-tertiary"> … the rest of this line is too long to show</span>
                ) : null}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The text with every match of the search marked. */
function Marked({ text, wanted }: { text: string; wanted: string }) {
  if (wanted === "") return text;
  const parts: ReactNode[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  // where lower case is of another length, places would be off
  if (lower.length !== text.length) return text;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(
      text.slice(from, at),
      <mark key={at} className="rounded-xs bg-attention/35 text-content">
        {text.slice(at, at + wanted.length)}
      </mark>,
    );
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}
