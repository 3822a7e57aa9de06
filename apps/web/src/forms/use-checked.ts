/** Asks the server what it thinks of a form as it stands, once typing pauses; every preview and check of a form comes through here. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

const settleMs = 350;

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
  const text = JSON.stringify(asked);
  const [settled, setSettled] = useState({ text, asked });
  useEffect(() => {
    const settle = () => setSettled({ text, asked: JSON.parse(text) as Asked }); // as: written above
    const timer = setTimeout(settle, settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  const ready = isReady?.(settled.asked) ?? true;
  const query = useQuery({
    queryKey: [...key, settled.text],
    queryFn: async ({ signal }) => ask(settled.asked, signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return { query, ready, current: settled.text === text && !query.isFetching };
}
