/** Whether the screen is narrow; follows its size. */
import { useSyncExternalStore } from "react";

const narrowScreen = matchMedia("(max-width: 640px)");

/** Whether tables have no room beside each other's columns. */
export function useNarrowScreen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrowScreen.addEventListener("change", listener);
      return () => narrowScreen.removeEventListener("change", listener);
    },
    () => narrowScreen.matches,
  );
}
