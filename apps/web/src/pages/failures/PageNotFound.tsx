/** An address that leads nowhere: the way to what it lies under, and to the start page. */
import { useRouterState } from "@tanstack/react-router";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/States.tsx";
import { nearestPage } from "./nearest-page.ts";

export function PageNotFound() {
  useTitle("Not found");
  const near = useRouterState({ select: ({ location }) => nearestPage(location.pathname) });
  return (
    <EmptyState
      wholePage
      title="There is no such page"
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {near === null ? null : <ButtonLink to={near}>Back to {near.split("/").at(-1)}</ButtonLink>}
          <ButtonLink to={paths.home()}>Go to the start page</ButtonLink>
        </div>
      }
    >
      The address may be misspelt, or what it named is gone.
    </EmptyState>
  );
}

/** The same where no frame is around it. */
export function PageNotFoundAlone() {
  return (
    <main id="main">
      <PageNotFound />
    </main>
  );
}
