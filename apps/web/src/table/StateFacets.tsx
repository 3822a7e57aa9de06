/** Quick filters by state, for any list that counts its rows by `status`. */
import type { StatusTone } from "../ui/Status.tsx";
import { Facets } from "./Facets.tsx";

interface StateFacetsProps {
  reply: { facets?: Record<string, Record<string, number>> | undefined };
  words: Readonly<Record<string, string>>;
  tones: Readonly<Record<string, StatusTone>>;
  q: string;
  onChange: (q: string) => void;
}

/** One that hangs or fails among those of a state is not hidden by the state's own tone. */
const worstTone = ({ facets }: StateFacetsProps["reply"], state: string) =>
  (["error", "attention"] as const).find((tone) => facets?.[tone]?.[state]);

export function StateFacets({ reply, words, tones, q, onChange }: StateFacetsProps) {
  return (
    <Facets
      field="status"
      label="Filter by state"
      counts={reply.facets?.["status"]}
      describe={(value) => ({
        value,
        label: words[value] ?? value,
        tone: worstTone(reply, value) ?? tones[value],
      })}
      q={q}
      onChange={onChange}
    />
  );
}
