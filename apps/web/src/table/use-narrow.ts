/** Whether an element is narrower than a limit; follows its size. */
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";

export function useNarrow(element: RefObject<HTMLElement | null>, limitPx: number): boolean {
  const [narrow, setNarrow] = useState(() => window.innerWidth < limitPx);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setNarrow(entry.contentRect.width < limitPx);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, limitPx]);
  return narrow;
}

const wideScreen = matchMedia("(min-width: 1920px)");

/** Whether the screen has room for more columns. */
export function useWideScreen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      wideScreen.addEventListener("change", listener);
      return () => wideScreen.removeEventListener("change", listener);
    },
    () => wideScreen.matches,
  );
}
