/** Asks the server what it thinks of a form as it stands, once typing pauses; every preview and check of a form comes through here. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSettled } from "./use-settled.ts";

interface Checked<Asked, Answer> {
  /** Names the question; what is asked is added to it. */
  key: readonly unknown[];
  /** Plain JSON: two that are written alike are the same question. */
  asked: Asked;
  ask: (asked: Asked, signal: AbortSignal) => Promise<Answer>;
  /** Whether this is worth asking; looked at once typing has paused. */
  isReady?: (asked: Asked) => boolean;
}

/** `ready`: the last settled state was asked about. `current`: the answer is about what stands in the form now. */
export function useChecked<Asked, Answer>({ key, asked, ask, isReady }: Checked<Asked, Answer>) {
  const { settled, isSettled } = useSettled(asked);
  const ready = isReady?.(settled) ?? true;
  const query = useQuery({
    queryKey: [...key, JSON.stringify(settled)],
    queryFn: async ({ signal }) => ask(settled, signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return { query, ready, current: isSettled && !query.isFetching };
}
