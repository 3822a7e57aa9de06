/** A list of like lines in a form: ports, routes, rules.  */
import { Plus, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button, IconButton } from "../ui/Button.tsx";
import { cx } from "../ui/cx.ts";

interface ListOfProps<Line> {
  lines: readonly Line[];
  onChange: (lines: Line[]) => void;
  /** A new line. */
  blank: () => Line;
  /** On the button, e.g. "Add a port". */
  add: string;
  /** What a line is called to a screen reader, e.g. "Port 2". */
  nameOf: (line: Line, index: number) => string;
  /** The most lines that are taken. */
  max?: number;
  /** The fields of a line stand side by side where there is room: only the first line then shows their names. */
  inLines?: boolean;
  children: (line: Line, index: number, change: (part: Partial<Line>) => void) => ReactNode;
}

/** One id per line that stays its own while lines above it go; `ids` grows and shrinks with lines from elsewhere. */
function useLineIds(count: number) {
  const [made, setMade] = useState(() => ({
    ids: Array.from({ length: count }, (_, at) => at),
    next: count,
  }));
  let { ids, next } = made;
  if (ids.length !== count) {
    ids = ids.slice(0, count);
    while (ids.length < count) ids.push(next++);
    setMade({ ids, next });
  }
  const removed = (index: number) =>
    setMade((before) => ({ ...before, ids: before.ids.filter((_, at) => at !== index) }));
  return { ids, removed };
}

/**
 * After a line has gone, the focus goes to what removes the next one, else to what adds one. An effect of a render before
 * may still be due when a line is removed: only one that knows the line to be gone counts.
 */
function useFocusAfterRemoval(count: number) {
  const box = useRef<HTMLDivElement>(null);
  const removed = useRef<{ at: number; left: number } | null>(null);
  useEffect(() => {
    if (removed.current?.left !== count) return;
    const buttons = box.current?.querySelectorAll<HTMLElement>(":scope > [data-line] > [data-remove] button");
    const add = box.current?.querySelector<HTMLElement>(":scope > [data-add] button");
    (buttons?.[removed.current.at] ?? add)?.focus();
    removed.current = null;
  });
  return { box, wasRemoved: (at: number) => (removed.current = { at, left: count - 1 }) };
}

export function ListOf<Line>(props: ListOfProps<Line>) {
  const {
    lines,
    onChange,
    blank,
    add,
    nameOf,
    max = Number.POSITIVE_INFINITY,
    inLines = false,
    children,
  } = props;
  const { ids, removed } = useLineIds(lines.length);
  const { box, wasRemoved } = useFocusAfterRemoval(lines.length);
  return (
    <div ref={box} className={cx("flex flex-col gap-4", inLines && "sm:gap-2")}>
      {lines.map((line, index) => (
        <div
          key={ids[index]}
          data-line
          className={cx(
            "flex items-start gap-2 border-b border-stroke pb-4 last:border-b-0",
            inLines && "sm:border-b-0 sm:pb-0",
            inLines && index > 0 && "sm:[&_label]:sr-only",
          )}
        >
          <div className="min-w-0 flex-1">
            {children(line, index, (part) =>
              onChange(lines.map((other, at) => (at === index ? { ...other, ...part } : other))),
            )}
          </div>
          <div className={cx("pt-6", inLines && index > 0 && "sm:pt-0")} data-remove>
            <IconButton
              aria-label={`Remove ${nameOf(line, index)}`}
              icon={<X size={16} strokeWidth={1.5} aria-hidden />}
              onClick={() => {
                wasRemoved(index);
                removed(index);
                onChange(lines.filter((_, at) => at !== index));
              }}
            />
          </div>
        </div>
      ))}
      <div data-add>
        <Button
          icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
          disabledReason={lines.length >= max ? `At most ${max} are taken.` : undefined}
          onClick={() => onChange([...lines, blank()])}
        >
          {add}
        </Button>
      </div>
    </div>
  );
}
