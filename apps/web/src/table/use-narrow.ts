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

function useMedia(media: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => media.matches,
  );
}

const wideScreen = matchMedia("(min-width: 1920px)");
const narrowScreen = matchMedia("(max-width: 640px)");

/** Whether the screen has room for more columns. */
export function useWideScreen(): boolean {
  return useMedia(wideScreen);
}

/** Whether tables have no room beside each other's columns. */
export function useNarrowScreen(): boolean {
  return useMedia(narrowScreen);
}
