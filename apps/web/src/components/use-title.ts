/** The page's title, which is also what the route announcer says. */
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · KubeV Console`;
  }, [title]);
}
