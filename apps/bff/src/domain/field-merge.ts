/** Two people's changes of one form, field by field: what only one of them touched is his, what both did is for a person to decide. */
import type { FieldConflict } from "@kubev/api-types/errors";

type Fields = Readonly<Record<string, unknown>>;

/** Equal as JSON, whatever the order of keys; what is absent and what is undefined are the same. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Fields, b as Fields]; // as: an array's indices are keys like others
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    same(left[key], right[key]),
  );
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `yours` on top of `theirs`, both begun from `was`. A field is taken as a whole; those named in `keyed` hold entries
 * of their own (labels) and are merged entry by entry, with paths such as `labels.team`.
 */
export function mergeFields(
  was: Fields,
  theirs: Fields,
  yours: Fields,
  keyed: readonly string[] = [],
): { merged: Record<string, unknown>; conflicts: FieldConflict[] } {
  const merged: Record<string, unknown> = {};
  const conflicts: FieldConflict[] = [];
  for (const key of new Set([...Object.keys(yours), ...Object.keys(theirs)])) {
    const [before, stored, mine] = [was[key], theirs[key], yours[key]];
    if (keyed.includes(key) && isRecord(stored) && isRecord(mine)) {
      const inner = mergeFields(isRecord(before) ? before : {}, stored, mine);
      merged[key] = inner.merged;
      conflicts.push(...inner.conflicts.map((each) => ({ ...each, path: `${key}.${each.path}` })));
      continue;
    }
    const taken = same(mine, before) ? stored : mine;
    if (taken === mine && !same(stored, before) && !same(stored, mine))
      conflicts.push({ path: key, theirs: stored, yours: mine });
    if (taken !== undefined) merged[key] = taken;
  }
  return { merged, conflicts };
}
