/** Several questions to the cluster, and what their answers say together: nothing is well before all have answered whole. */
import type { Tone } from "@kubev/api-types/reason";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isForbidden } from "../api/api-error.ts";
import { formatCount } from "../format/numbers.ts";

export interface Trouble {
  key: string;
  name: string;
  to: string;
  /** What it is or where it lies. */
  place?: string;
  /** How bad it is: what fails stands before what only needs a look. */
  tone: Tone;
  status: ReactNode;
}

/** One question that was asked, and its answer. */
export interface TroubleSource {
  /** E.g. "machines". */
  what: string;
  answer: Pick<UseQueryResult, "error" | "refetch">;
  /** Undefined until it answered. */
  troubles: readonly Trouble[] | undefined;
  /** How many there are, which may be more than `troubles`. */
  total: number;
  /** False where the answer is known to lack something. */
  whole: boolean;
  /** The list of all of them. */
  all?: string;
}

interface Reply<Row> {
  rows: readonly Row[];
  total: number;
  warnings: readonly unknown[];
  queryProblems: readonly unknown[];
}

/** A list's answer as a source; `asTrouble` makes one row of it. */
export function troublesOf<Row>(
  what: string,
  answer: UseQueryResult<Reply<Row>>,
  asTrouble: (row: Row) => Trouble,
  all?: string,
): TroubleSource {
  const { data } = answer;
  const understood = data === undefined || data.queryProblems.length === 0;
  return {
    what,
    answer,
    troubles: understood ? data?.rows.map(asTrouble) : [],
    total: understood ? (data?.total ?? 0) : 0,
    whole: understood && data?.warnings.length === 0,
    ...(all === undefined ? {} : { all }),
  };
}

/** Of every source the worst `each`, and of all of them what fails first; what is alike keeps its order. */
export function worstFirst(
  sources: readonly TroubleSource[],
  each: number,
): { source: TroubleSource; trouble: Trouble }[] {
  const weight = ({ tone }: Trouble) => (tone === "error" ? 0 : 1);
  return sources
    .flatMap((source) =>
      (source.troubles ?? [])
        .toSorted((a, b) => weight(a) - weight(b))
        .slice(0, each)
        .map((trouble) => ({ source, trouble })),
    )
    .toSorted((a, b) => weight(a.trouble) - weight(b.trouble));
}

/** What is said of a source that has more than is shown of it; undefined where all of it is. */
export function cutWords({ what, total }: TroubleSource, each: number): string | undefined {
  return total > each ? `${formatCount(each)} of ${formatCount(total)} ${what} stand here.` : undefined;
}

export interface TroubleVerdict {
  /** What this person may not see, so that nothing is told of it. */
  refused: readonly TroubleSource[];
  failed: readonly TroubleSource[];
  /** Some may not be seen by this person, and what may be is well. */
  nothingSeen: boolean;
  /** Answered, but not with all there is. */
  partial: readonly TroubleSource[];
  waiting: boolean;
  /** All is well, and known to be. */
  nothing: boolean;
}

export function verdictOf(sources: readonly TroubleSource[]): TroubleVerdict {
  const refused = sources.filter(({ answer }) => isForbidden(answer.error));
  const failed = sources.filter((source) => source.answer.error !== null && !refused.includes(source));
  const partial = sources.filter(({ whole, troubles }) => troubles !== undefined && !whole);
  const waiting = sources.some(({ answer, troubles }) => troubles === undefined && answer.error === null);
  const any = sources.some(({ total }) => total > 0);
  const well = !waiting && !any && failed.length === 0 && partial.length === 0;
  return {
    refused,
    failed,
    partial,
    waiting,
    nothing: well && refused.length === 0,
    nothingSeen: well && refused.length > 0,
  };
}
