/** What is cut off for want of room says itself whole under the pointer. */
import type { PointerEvent } from "react";

/** For whatever holds truncated text; texts that have a title of their own keep it. */
export function nameWhole({ target }: PointerEvent): void {
  if (!(target instanceof HTMLElement) || !target.classList.contains("truncate")) return;
  if (target.title !== "" && target.dataset["whole"] === undefined) return;
  target.dataset["whole"] = "";
  target.title = target.scrollWidth > target.clientWidth ? target.textContent : "";
}
