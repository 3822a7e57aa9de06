/** Names and values in two columns: the quiet half of every detail page. */
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export interface Fact {
  name: string;
  value: ReactNode;
}

interface FactsProps {
  facts: readonly Fact[];
  className?: string | undefined;
  /** One of several below each other: all give their names the same width, however long each one's are. */
  aligned?: boolean;
}

export function Facts({ facts, className, aligned = false }: FactsProps) {
  const tracks = aligned
    ? "grid-cols-[minmax(0,2fr)_minmax(0,3fr)]"
    : "grid-cols-[fit-content(45%)_minmax(0,1fr)]";
  return (
    <dl className={cx("grid gap-x-6 gap-y-1.5", tracks, className)}>
      {facts.map((fact) => (
        <div key={fact.name} className="col-span-2 grid grid-cols-subgrid">
          <dt className="min-w-24 text-secondary">{fact.name}</dt>
          <dd className="min-w-0 break-words">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="flex min-w-0 flex-col gap-2.5">
      <header className="flex min-h-7 items-center justify-between gap-3 border-b border-stroke pb-1.5">
        <h2 className="text-sm font-semibold">{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
