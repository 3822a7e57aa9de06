/** Fullscreen of one element; Escape stays with the guest where the browser allows it. */
import { type RefObject, useEffect, useState } from "react";
import { toast } from "../ui/toast.ts";

interface KeyboardLock {
  lock?: (keys: string[]) => Promise<void>;
  unlock?: () => void;
}

export function useFullscreen(element: RefObject<HTMLElement | null>): { on: boolean; toggle: () => void } {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const changed = () => {
      const active = document.fullscreenElement !== null && document.fullscreenElement === element.current;
      setOn(active);
      const { keyboard } = navigator as Navigator & { keyboard?: KeyboardLock }; // as: not in the DOM types, absent in some browsers
      if (active) void keyboard?.lock?.(["Escape"]).catch(() => undefined);
      else keyboard?.unlock?.();
    };
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, [element]);
  const toggle = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else
      element.current
        ?.requestFullscreen()
        .catch(() => toast.error("The browser does not allow fullscreen here."));
  };
  return { on, toggle };
}
