/** Chosen rows, kept over pages of a list until the list itself changes or they are gone. */
import { useCallback, useEffect, useEffectEvent, useMemo, useReducer, useRef, useState } from "react";
import { type LiveRow, rowKey } from "../api/live/list-window.ts";
import type * as GoneRows from "./gone-rows.ts";

export interface Selection<Row> {
  rows: readonly Row[];
  has: (key: string) => boolean;
  set: (rows: readonly Row[], selected: boolean) => void;
  /** Of the choice alone; a question that is open about it stays. */
  clear: () => void;
  /** Whether it left the choice because nobody has it any more. */
  isGone: (key: string) => boolean;
  /** What a question is open about, as it was when it was asked; it stays open when they leave the choice. */
  asked: readonly Row[] | null;
  ask: (rows: readonly Row[] | null) => void;
}

interface Held<Row> {
  project: string | undefined;
  chosen: ReadonlyMap<string, Row>;
  asked: readonly Row[] | null;
  /** By key, since the choice began. */
  gone: ReadonlySet<string>;
}

interface Listed<Row> {
  project: string | undefined;
  result: { data: { rows: readonly Row[]; totalUnfiltered: number } | undefined };
  readWhole: (q: string) => Promise<unknown[]>;
}

/** A busy cluster's machines come and go many times a second. Without an answer the pause doubles, so many times. */
const lookPauseMs = 3000;
const mostDoubled = 5;

/** What was chosen in another project is chosen no more. */
export function useSelection<Row extends LiveRow & { name: string }>(list: Listed<Row>): Selection<Row> {
  const { project, result } = list;
  const none = useMemo<Held<Row>>(
    () => ({ project, chosen: new Map(), asked: null, gone: new Set() }),
    [project],
  );
  const [held, setHeld] = useState(none);
  const { chosen, asked, gone } = held.project === project ? held : none;
  const shown = useRef(project);
  useEffect(() => {
    shown.current = project;
  }, [project]);
  /** What is told late of one project takes nothing from another. */
  const change = useCallback(
    (next: (before: Held<Row>) => Held<Row>) => {
      if (shown.current === project) setHeld((before) => next(before.project === project ? before : none));
    },
    [project, none],
  );
  const set = useCallback(
    (rows: readonly Row[], selected: boolean) =>
      change((before) => {
        const next = new Map(before.chosen);
        const back = new Set(before.gone);
        for (const row of rows)
          if (selected) {
            next.set(rowKey(row), row);
            back.delete(rowKey(row));
          } else next.delete(rowKey(row));
        return { ...before, chosen: next, gone: back };
      }),
    [change],
  );
  const clear = useCallback(() => change((before) => ({ ...before, chosen: none.chosen })), [change, none]);
  const ask = (about: readonly Row[] | null) => change((before) => ({ ...before, asked: about }));
  const current = result.data?.rows;
  // A chosen row that is on screen is taken as it is now, so that its actions are those of its present state.
  const { fresh, rows, unseen } = useMemo(() => {
    const onScreen = new Map(current?.map((row) => [rowKey(row), row]));
    return {
      fresh: onScreen,
      rows: [...chosen].map(([key, row]) => onScreen.get(key) ?? row),
      unseen: [...chosen.values()].filter((row) => !onScreen.has(rowKey(row))),
    };
  }, [chosen, current]);
  const dropGone = useEffectEvent(async ({ goneRows }: typeof GoneRows) => {
    const found = await goneRows(unseen, list.readWhole);
    if (found.length === 0) return;
    set(found, false);
    change((before) => ({ ...before, gone: new Set([...before.gone, ...found.map(rowKey)]) }));
  });
  const failures = useRef(0);
  const [again, lookAgain] = useReducer((before: number) => before + 1, 0);
  // asked whenever one has left the screen, whenever there are more or fewer (another page's may be gone), and again after
  // no answer
  const question =
    unseen.length === 0 ? "" : [again, result.data?.totalUnfiltered, ...unseen.map(rowKey)].join();
  const nextLookMs = useRef(0);
  useEffect(() => {
    if (question === "") return;
    const timer = setTimeout(
      () => {
        nextLookMs.current = performance.now() + lookPauseMs;
        import("./gone-rows.ts").then(dropGone).then(
          () => {
            failures.current = 0;
          },
          () => {
            // what cannot be asked now stays chosen: its deed says what became of it
            failures.current = Math.min(failures.current + 1, mostDoubled);
            nextLookMs.current = performance.now() + lookPauseMs * 2 ** failures.current;
            lookAgain();
          },
        );
      },
      Math.max(0, nextLookMs.current - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [question]);
  return {
    rows,
    has: (key) => chosen.has(key),
    set,
    clear,
    isGone: (key) => gone.has(key) && !fresh.has(key),
    asked,
    ask,
  };
}
