/** The page's title, which is also what the route announcer says. */
import { useEffect, useLayoutEffect } from "react";

const show = (title: string) => {
  document.title = `${title} · KubeV Console`;
};

/** Of the page with tabs that is open. */
let framing: string | undefined;

/** Of a page, or of a tab while it is open. */
export function useTitle(title: string): void {
  useEffect(() => {
    show(title);
    return () => {
      if (framing !== undefined) show(framing);
    };
  }, [title]);
}

/** Of a page with tabs: what stands while its open tab has none of its own. */
export function useFramingTitle(title: string): void {
  // a tab's effect would come before its page's, and be overwritten: this one comes first
  useLayoutEffect(() => {
    framing = title;
    show(title);
    return () => {
      framing = undefined;
    };
  }, [title]);
}
