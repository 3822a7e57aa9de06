/** A machine's state: shape, word, and the one cause beside it. */
import type { VmState } from "@kubev/api-types/virtual-machines";
import { StateMark } from "./StateMark.tsx";
import { statusWords } from "./vm-words.ts";

export function VmStatus({ state }: { state: VmState }) {
  return <StateMark tone={state.tone} word={statusWords[state.status]} reason={state.reason} />;
}
