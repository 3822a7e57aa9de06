/** How old something is, with the exact time on hover. */
import { formatAge, formatAgo, formatExact } from "../format/dates.ts";
import { useNow } from "./use-now.ts";

export function Age({ iso, ago = false }: { iso: string; ago?: boolean | undefined }) {
  const nowMs = useNow();
  return (
    <time dateTime={iso} title={formatExact(iso)} className="tabular whitespace-nowrap">
      {ago ? formatAgo(iso, nowMs) : formatAge(iso, nowMs)}
    </time>
  );
}
