/** Chosen rows, kept over pages of a list until the list itself changes or they are gone. */
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
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

/** A busy cluster's machines come and go many times a second. */
const lookPauseMs = 3000;

/** What was chosen in another project is chosen no more. */
export function useSelection<Row extends LiveRow & { name: string }>(list: Listed<Row>): Selection<Row> {
  const { project, result } = list;
  const none = useMemo<Held<Row>>(
    () => ({ project, chosen: new Map(), asked: null, gone: new Set() }),
    [project],
  );
  const [held, setHeld] = useState(none);
  const { chosen, asked, gone } = held.project === project ? held : none;
  const set = useCallback(
    (rows: readonly Row[], selected: boolean) =>
      setHeld((before) => {
        // what is told late of one project takes nothing from another
        if (!selected && before.project !== project) return before;
        const now = before.project === project ? before : none;
        const next = new Map(now.chosen);
        for (const row of rows)
          if (selected) next.set(rowKey(row), row);
          else next.delete(rowKey(row));
        return { ...now, chosen: next };
      }),
    [project, none],
  );
  const clear = useCallback(
    () =>
      setHeld((before) =>
        before.project === project ? { ...none, asked: before.asked, gone: before.gone } : before,
      ),
    [project, none],
  );
  const ask = (about: readonly Row[] | null) =>
    setHeld((before) => ({ ...(before.project === project ? before : none), asked: about }));
  const current = result.data?.rows;
  // A chosen row that is on screen is taken as it is now, so that its actions are those of its present state.
  const { rows, unseen } = useMemo(() => {
    const fresh = new Map(current?.map((row) => [rowKey(row), row]));
    return {
      rows: [...chosen].map(([key, row]) => fresh.get(key) ?? row),
      unseen: [...chosen.values()].filter((row) => !fresh.has(rowKey(row))),
    };
  }, [chosen, current]);
  const dropGone = useEffectEvent(async ({ goneRows }: typeof GoneRows) => {
    const found = await goneRows(unseen, list.readWhole);
    if (found.length === 0) return;
    set(found, false);
    setHeld((before) =>
      before.project === project
        ? { ...before, gone: new Set([...before.gone, ...found.map(rowKey)]) }
        : before,
    );
  });
  const [failures, setFailures] = useState(0);
  // asked whenever one has left the screen, whenever there are more or fewer (another page's may be gone), and again after
  // no answer
  const question =
    unseen.length === 0 ? "" : [failures, result.data?.totalUnfiltered, ...unseen.map(rowKey)].join();
  const nextLookMs = useRef(0);
  useEffect(() => {
    if (question === "") return;
    const timer = setTimeout(
      () => {
        nextLookMs.current = performance.now() + lookPauseMs;
        // what cannot be asked now stays chosen: its deed says what became of it
        import("./gone-rows.ts").then(dropGone).catch(() => setFailures((before) => before + 1));
      },
      Math.max(0, nextLookMs.current - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [question]);
  return { rows, has: (key) => chosen.has(key), set, clear, isGone: (key) => gone.has(key), asked, ask };
}
