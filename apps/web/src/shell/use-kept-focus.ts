/** A button that goes away with what it did, as Stop does, must not take the keyboard's place on the page with it. */
import { useEffect } from "react";

/** What opens over the page gives the focus back where it was, by itself and to a better place than this. */
const popupsGiveBackWithinMs = 150;

/** Whenever what had the focus has left the document, the page's content takes it. */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let waiting: number | undefined;
    const lost = () => last !== null && !last.isConnected && document.activeElement === document.body;
    const remember = (event: FocusEvent) => {
      last = event.target instanceof Element ? event.target : null;
    };
    const observer = new MutationObserver(() => {
      if (!lost()) return;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        if (lost()) document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
      }, popupsGiveBackWithinMs);
    });
    document.addEventListener("focusin", remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", remember);
      observer.disconnect();
      window.clearTimeout(waiting);
    };
  }, []);
}
