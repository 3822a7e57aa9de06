/** A read that failed, on the page that wanted it. */
import type { ReactNode } from "react";
import { isForbidden } from "../api/api-error.ts";
import { errorText } from "../reasons/error-text.ts";
import { ErrorState } from "../ui/States.tsx";

interface LoadFailedProps {
  error: unknown;
  /** What was being loaded, e.g. "The machine could not be loaded." */
  what: string;
  onRetry: () => void;
  /** The way elsewhere, where the page has no other. */
  action?: ReactNode;
}

export function LoadFailed({ error, what, onRetry, action }: LoadFailedProps) {
  const forbidden = isForbidden(error);
  return (
    <ErrorState
      {...errorText(error, what)}
      tone={forbidden ? "attention" : "error"}
      onRetry={forbidden ? undefined : onRetry}
      action={action}
    />
  );
}
