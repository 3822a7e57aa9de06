/** What waits for a person: of every kind that was asked for, and never "nothing" before all have answered whole. */
import { formatCount, formatList } from "../format/numbers.ts";
import { errorText } from "../reasons/error-text.ts";
import { Button } from "../ui/Button.tsx";
import { Section } from "../ui/Facts.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { Notice } from "../ui/States.tsx";
import { AppLink } from "./AppLink.tsx";
import { cutWords, type TroubleSource, verdictOf, worstFirst } from "./troubles.ts";

const shownAtMost = 8;

interface NeedsAttentionProps {
  sources: readonly TroubleSource[];
  /** What it means that there is nothing. */
  nothing: string;
}

export function NeedsAttention({ sources, nothing }: NeedsAttentionProps) {
  const { refused, failed, partial, waiting, nothing: well, nothingSeen } = verdictOf(sources);
  return (
    <Section title="Needs attention">
      {failed.map(({ what, answer }) => (
        <Notice
          key={what}
          tone="error"
          action={
            <Button size="sm" onClick={() => void answer.refetch()}>
              Try again
            </Button>
          }
        >
          {errorText(answer.error, `Whether any ${what} need attention could not be found out.`).title}
        </Notice>
      ))}
      {partial.map(({ what }) => (
        <Notice key={what} tone="attention">{`The console sees only some of the ${what}.`}</Notice>
      ))}
      {waiting ? <SkeletonLines label="Loading what needs attention" /> : null}
      {well ? <p className="text-secondary">{nothing}</p> : null}
      {nothingSeen ? <p className="text-secondary">Nothing of what you may see.</p> : null}
      <ul className="flex flex-col divide-y divide-stroke">
        {worstFirst(sources, shownAtMost).map(
          ({ source: { what }, trouble: { key, name, to, place, status } }) => (
            <li
              key={`${what}/${key}`}
              // a narrow window has no room beside, but below: there nothing is cut off
              className="grid min-h-9 items-center gap-x-4 py-1 max-sm:[&_.truncate]:whitespace-normal sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]"
            >
              <span className="truncate">
                <AppLink to={to} look="plain" className="font-medium">
                  {name}
                </AppLink>{" "}
                <span className="text-tertiary">{place}</span>
              </span>
              {status}
            </li>
          ),
        )}
      </ul>
      {sources.map((source) => {
        const { what, all, total } = source;
        const cut = cutWords(source, shownAtMost);
        return cut === undefined ? null : (
          <p key={what} className="text-secondary">
            {cut}{" "}
            {all === undefined ? null : <AppLink to={all}>{`All ${formatCount(total)} ${what}`}</AppLink>}
          </p>
        );
      })}
      {refused.length === 0 ? null : (
        <p className="text-secondary">{`You may not see ${formatList(refused.map(({ what }) => what))}: nothing is said of them here.`}</p>
      )}
    </Section>
  );
}
