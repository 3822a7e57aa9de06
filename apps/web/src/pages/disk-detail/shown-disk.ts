/** The disk that the open tab is about. */
import type { DiskDetail } from "@kubev/api-types/disk-detail";
import { createContext, useContext } from "react";

export const ShownDisk = createContext<DiskDetail | null>(null);

export function useShownDisk(): DiskDetail {
  const shown = useContext(ShownDisk);
  if (shown === null) throw new Error("A disk's tab was shown outside of its page.");
  return shown;
}
