/** A page that could not be shown: a failed first read, or a fault in the page itself. */
import { useRouter } from "@tanstack/react-router";
import { errorText } from "../../reasons/error-text.ts";
import { ErrorState } from "../../ui/States.tsx";

export function PageFailed({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <ErrorState
      {...errorText(error, "This page could not be shown.")}
      onRetry={() => void router.invalidate()}
    />
  );
}
