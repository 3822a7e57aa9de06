/** A value once it has stood still for a moment, so that nothing is asked for each letter. */
import { useEffect, useState } from "react";

const settleMs = 350;

/** Plain JSON: two that are written alike are the same. */
export function useSettled<T>(value: T): { settled: T; isSettled: boolean } {
  const text = JSON.stringify(value);
  const [held, setHeld] = useState({ text, value });
  useEffect(() => {
    const settle = () => setHeld({ text, value: JSON.parse(text) as T }); // as: written above
    const timer = setTimeout(settle, settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return { settled: held.value, isSettled: held.text === text };
}
