/** Quick filters from the counts the server sends: a press adds the word to the search, another takes it away. */
import { formatCount } from "../format/numbers.ts";
import { cx } from "../ui/cx.ts";
import { StatusShape, type StatusTone } from "../ui/Status.tsx";
import { byCount } from "./sort.ts";
import { filterWord, hasWord, toggleWord } from "./query-words.ts";

interface Facet {
  value: string;
  label: string;
  tone?: StatusTone | undefined;
}

interface FacetsProps {
  field: string;
  label: string;
  counts: Record<string, number> | undefined;
  describe: (value: string) => Facet;
  q: string;
  onChange: (q: string) => void;
}

export function Facets({ field, label, counts, describe, q, onChange }: FacetsProps) {
  const entries = byCount(counts);
  if (entries.length === 0) return null;
  return (
    <div
      role="group"
      aria-label={label}
      className="flex min-w-0 flex-wrap gap-1 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {entries.map(([value, count]) => {
        const facet = describe(value);
        const word = filterWord(field, facet.value);
        const pressed = hasWord(q, word);
        return (
          <button
            key={value}
            type="button"
            aria-pressed={pressed}
            onClick={() => onChange(toggleWord(q, word))}
            className={cx(
              "flex h-7 shrink-0 items-center gap-1.5 rounded-md border px-2 text-xs",
              pressed
                ? "border-accent bg-selected text-content"
                : "border-stroke text-secondary hover:bg-hover hover:text-content",
            )}
          >
            {facet.tone === undefined ? null : <StatusShape tone={facet.tone} className="size-2.5" />}
            {facet.label}
            <span className="tabular text-tertiary">{formatCount(count)}</span>
          </button>
        );
      })}
    </div>
  );
}
