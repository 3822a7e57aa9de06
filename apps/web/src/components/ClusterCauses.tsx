/** Why something is not ready, in the cluster's own words; nothing where there is no cause. */
import type { DiskCause } from "@kubev/api-types/disk-detail";
import type { Tone } from "@kubev/api-types/reason";
import { Notice } from "../ui/States.tsx";

export function ClusterCauses({ tone, causes }: { tone: Tone; causes: readonly DiskCause[] }) {
  if (causes.length === 0) return null;
  return (
    <Notice tone={tone}>
      <p className="font-medium">What the cluster says about it</p>
      <ul className="mt-1 flex flex-col gap-1.5">
        {causes.map((cause) => (
          <li key={`${cause.kind}-${cause.message}`}>
            <span className="font-mono text-xs break-words">{cause.message}</span>{" "}
            <span className="text-xs text-secondary">
              {[cause.kind, cause.name, cause.reason].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
