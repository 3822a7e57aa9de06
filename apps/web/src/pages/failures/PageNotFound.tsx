/** An address that leads nowhere. */
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/States.tsx";

export function PageNotFound() {
  useTitle("Not found");
  return (
    <main id="main">
      <EmptyState
        wholePage
        title="There is no such page"
        action={<ButtonLink to={paths.home()}>Go to the start page</ButtonLink>}
      >
        The address may be misspelt, or what it named is gone.
      </EmptyState>
    </main>
  );
}
