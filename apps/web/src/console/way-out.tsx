/** Consoles take every key, Tab too; this one leads out of them to their toolbar, which says so (WCAG 2.1.2). */
import type { KeyboardEvent } from "react";

/** For `onKeyDownCapture` of what holds a console and its toolbar: the console itself never sees the key. */
export function leaveConsole(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "F6" || !event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  event.currentTarget.querySelector<HTMLElement>("[role=toolbar] button:not(:disabled)")?.focus();
}

export function WayOut() {
  return (
    <span className="px-2 text-xs whitespace-nowrap text-tertiary max-lg:sr-only">Shift F6 leads out</span>
  );
}
