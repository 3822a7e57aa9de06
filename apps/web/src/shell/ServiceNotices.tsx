/** What limits the whole console right now: parts that are missing, feeds that are behind, its own database away. */
import { useQuery } from "@tanstack/react-query";
import { capabilitiesQuery } from "../api/queries.ts";
import { useLiveFeed } from "../api/live/use-live.ts";
import { reasonText } from "../reasons/reason-text.ts";
import { StatusShape } from "../ui/Status.tsx";

export function ServiceNotices() {
  useLiveFeed("capabilities");
  const capabilities = useQuery(capabilitiesQuery()).data;
  if (capabilities === undefined) return null;
  const notices: string[] = [];
  if (capabilities.kubevirt.state !== "present")
    notices.push(
      capabilities.kubevirt.reason === undefined
        ? "KubeVirt does not work on this cluster now, so machines cannot be managed."
        : reasonText(capabilities.kubevirt.reason),
    );
  if (capabilities.cdi.state === "absent")
    notices.push("CDI is not installed, so images cannot be uploaded or copied.");
  const stale = capabilities.feeds.filter((feed) => feed.state === "stale");
  if (stale.length > 0)
    notices.push("The cluster does not answer at the moment. What you see may be out of date.");
  notices.push(...capabilities.database.map(reasonText));
  if (notices.length === 0) return null;
  return (
    <div role="status" className="flex flex-col border-b border-stroke">
      {notices.map((notice) => (
        <p key={notice} className="tint-attention flex items-start gap-2 px-5 py-1.5 text-sm">
          <StatusShape tone="attention" className="mt-1" />
          {notice}
        </p>
      ))}
    </div>
  );
}
