/** Chosen rows, kept over pages of a list until the list itself changes or they are gone. */
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { type LiveRow, rowKey } from "../api/live/list-window.ts";
import type * as GoneRows from "./gone-rows.ts";

export interface Selection<Row> {
  rows: readonly Row[];
  has: (key: string) => boolean;
  set: (rows: readonly Row[], selected: boolean) => void;
  clear: () => void;
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
  const [held, setHeld] = useState<{ project: string | undefined; chosen: ReadonlyMap<string, Row> }>({
    project,
    chosen: new Map(),
  });
  const chosen = useMemo(
    () => (held.project === project ? held.chosen : new Map<string, Row>()),
    [held, project],
  );
  const set = useCallback(
    (rows: readonly Row[], selected: boolean) =>
      setHeld((before) => {
        // what is told late of one project takes nothing from another
        if (!selected && before.project !== project) return before;
        const next = new Map(before.project === project ? before.chosen : []);
        for (const row of rows)
          if (selected) next.set(rowKey(row), row);
          else next.delete(rowKey(row));
        return { project, chosen: next };
      }),
    [project],
  );
  const clear = useCallback(() => setHeld({ project, chosen: new Map() }), [project]);
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
    const gone = await goneRows(unseen, list.readWhole);
    if (gone.length > 0) set(gone, false);
  });
  // asked whenever one has left the screen, and whenever there are more or fewer: another page's may be gone
  const question = unseen.length === 0 ? "" : [result.data?.totalUnfiltered, ...unseen.map(rowKey)].join();
  const nextLookMs = useRef(0);
  useEffect(() => {
    if (question === "") return;
    const timer = setTimeout(
      () => {
        nextLookMs.current = performance.now() + lookPauseMs;
        import("./gone-rows.ts").then(dropGone).catch(() => {
          // what cannot be asked now stays chosen: its deed says what became of it
        });
      },
      Math.max(0, nextLookMs.current - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [question]);
  return { rows, has: (key) => chosen.has(key), set, clear };
}
