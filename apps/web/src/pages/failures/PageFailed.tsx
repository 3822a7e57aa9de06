/** A page that could not be shown: a failed first read, or a fault in the page itself. */
import { useRouter } from "@tanstack/react-router";
import { errorText } from "../../reasons/error-text.ts";
import { ErrorState } from "../../ui/States.tsx";

/** Browsers say it in words of their own: "Failed to fetch dynamically imported module", "error loading dynamically imported module". */
const isMissingFile = (error: unknown) =>
  error instanceof Error &&
  /dynamically imported module|Importing a module script failed/i.test(error.message);

export function PageFailed({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <ErrorState
      {...errorText(error, "This page could not be shown.")}
      onRetry={() => {
        // A newer console has other files: only a new document knows them.
        if (isMissingFile(error) && navigator.onLine) location.reload();
        else void router.invalidate();
      }}
    />
  );
}
