/** Where the page is: project, noun, name. Read from the path alone, so that it never disagrees with the URL. */
import { useRouterState } from "@tanstack/react-router";
import { Fragment } from "react";
import { AppLink } from "../components/AppLink.tsx";
import { crumbsOf } from "./crumbs.ts";

export function Breadcrumbs() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const crumbs = crumbsOf(path);
  return (
    <nav aria-label="Breadcrumbs" className="min-w-0 flex-1 overflow-hidden">
      <ol className="flex min-w-0 items-center gap-1.5">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          return (
            <Fragment key={crumb.to}>
              {index > 0 ? (
                <li aria-hidden className="text-tertiary max-sm:hidden">
                  /
                </li>
              ) : null}
              <li className={last ? "min-w-0 truncate" : "min-w-0 truncate max-sm:hidden"}>
                {last ? (
                  <span aria-current="page" className="text-content">
                    {crumb.label}
                  </span>
                ) : (
                  <AppLink to={crumb.to} look="plain" className="text-secondary">
                    {crumb.label}
                  </AppLink>
                )}
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}
