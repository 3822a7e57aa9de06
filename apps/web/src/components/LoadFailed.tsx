/** A read that failed, on the page that wanted it. */
import type { ReactNode } from "react";
import { ApiError } from "../api/api-error.ts";
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
  // a right that is missing is nobody's fault and does not pass by itself
  const forbidden = error instanceof ApiError && error.code === "forbidden";
  return (
    <ErrorState
      {...errorText(error, what)}
      tone={forbidden ? "attention" : "error"}
      onRetry={onRetry}
      action={action}
    />
  );
}
