/** How wide an element is inside; follows its size. */
import { type RefObject, useLayoutEffect, useState } from "react";

/** Pixels; before it is measured, those of the window. */
export function useRoom(element: RefObject<HTMLElement | null>): number {
  const [roomPx, setRoom] = useState(innerWidth);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const measure = () => setRoom(target.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return roomPx;
}
