/** A refusal or failure: what it means, and the cluster's own words below. */
import { errorText } from "../reasons/error-text.ts";
import { Notice } from "../ui/States.tsx";

export function ProblemNotice({ error }: { error: unknown }) {
  const { title, upstreamText } = errorText(error);
  return (
    <Notice tone="error">
      {title}
      {upstreamText === undefined ? null : (
        <p className="mt-0.5 font-mono text-xs break-words">{upstreamText}</p>
      )}
    </Notice>
  );
}
