/** Around every page, signed in or not: the skip link and the announcer of page changes. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { followSystem } from "../theme/theme.ts";

export function RootFrame() {
  useEffect(() => followSystem(), []);
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-tooltip focus:rounded-md focus:bg-overlay focus:px-3 focus:py-2 focus:shadow-overlay"
      >
        Skip to the page
      </a>
      <Outlet />
      <RouteAnnouncer />
    </>
  );
}

const focusKeptForMs = 5000;

/** What had the focus went with the page it stood on: the next Tab goes on in the new page, not at the window's top. */
function keepFocus() {
  const focused = document.activeElement;
  if (focused === null || focused === document.body)
    document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
}

/** Says the title of the page after each navigation, for people who do not see it change. */
function RouteAnnouncer() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const [title, setTitle] = useState("");
  const before = useRef(path);
  useEffect(() => {
    const moved = before.current !== undefined && before.current !== path;
    before.current = path;
    const timer = setTimeout(() => setTitle(path === undefined ? "" : document.title), 150);
    // the old page may go well after the new address is there: its parts load first
    const keeper = moved ? setInterval(keepFocus, 150) : undefined;
    const end = setTimeout(() => clearInterval(keeper), focusKeptForMs);
    return () => {
      clearTimeout(timer);
      clearTimeout(end);
      clearInterval(keeper);
    };
  }, [path]);
  return (
    <div aria-live="polite" className="sr-only">
      {title}
    </div>
  );
}
