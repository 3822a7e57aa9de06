/** The tray's button: how much is under way. */
import { ListTodo } from "lucide-react";
import type { ComponentProps } from "react";
import { formatCount, formatPlural } from "../format/numbers.ts";

export function TaskButton({ busy, ...rest }: { busy: number } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={busy === 0 ? "Tasks: none under way" : `${formatPlural(busy, "task", "tasks")} under way`}
      className="flex h-8 items-center gap-1.5 rounded-md px-1.5 text-secondary hover:bg-hover hover:text-content data-popup-open:bg-hover"
    >
      <ListTodo size={16} strokeWidth={1.5} aria-hidden />
      {busy > 0 ? (
        <span className="tabular min-w-4 rounded-full bg-accent-solid px-1 text-center text-[11px] leading-4 font-medium text-on-solid">
          {formatCount(busy)}
        </span>
      ) : null}
    </button>
  );
}
