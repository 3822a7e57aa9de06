/** The order in which a group's versions are preferred. Source: apimachinery's pkg/version, CompareKubeAwareVersionStrings. */

/** GA before beta before alpha, newer before older, other names last and by name. */
export function byVersionPriority(a: string, b: string): number {
  const rank = (version: string): readonly number[] | undefined => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (match === null) return undefined;
    const stage = match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const left = rank(a);
  const right = rank(b);
  if (left === undefined || right === undefined) {
    if (left !== undefined) return -1;
    if (right !== undefined) return 1;
    return a < b ? -1 : 1;
  }
  const index = left.findIndex((part, position) => part !== right[position]);
  return index === -1 ? 0 : (right[index] ?? 0) - (left[index] ?? 0);
}
