/** A read that failed, on the page that wanted it. */
import { errorText } from "../reasons/error-text.ts";
import { ErrorState } from "../ui/States.tsx";

interface LoadFailedProps {
  error: unknown;
  /** What was being loaded, e.g. "The machine could not be loaded." */
  what: string;
  onRetry: () => void;
}

export function LoadFailed({ error, what, onRetry }: LoadFailedProps) {
  return <ErrorState {...errorText(error, what)} onRetry={onRetry} />;
}
