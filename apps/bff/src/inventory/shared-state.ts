/** A state that has no cause to tell is one of a few: nearly all machines run, nearly all disks are ready. Each is kept once. */

/** Beyond this they were not alike after all: a kind may take its word from the cluster. */
const mostShared = 1000;
const known = new Map<string, object>();

/** @param state as a rule made it; what has anything beside its word and its tone is given back as it is */
export function sharedState<S extends { status: string; tone: string }>(state: S): Readonly<S> {
  if (Object.keys(state).length > 2) return state;
  const key = `${state.tone} ${state.status}`;
  const first = known.get(key);
  if (first !== undefined) return first as S; // kept under its whole content, which decides between the types that share it
  if (known.size >= mostShared) known.clear();
  known.set(key, Object.freeze(state));
  return state;
}
