/** Around every page, signed in or not: the skip link and the announcer of page changes. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

export function RootFrame() {
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

/** Says the title of the page after each navigation, for people who do not see it change. */
function RouteAnnouncer() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const [title, setTitle] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setTitle(path === undefined ? "" : document.title), 150);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <div aria-live="polite" className="sr-only">
      {title}
    </div>
  );
}
