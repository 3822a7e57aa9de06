/** The image that the open tab is about. */
import type { ImageDetail } from "@kubev/api-types/image-detail";
import { createContext, useContext } from "react";

export const ShownImage = createContext<ImageDetail | null>(null);

export function useShownImage(): ImageDetail {
  const shown = useContext(ShownImage);
  if (shown === null) throw new Error("An image's tab was shown outside of its page.");
  return shown;
}
