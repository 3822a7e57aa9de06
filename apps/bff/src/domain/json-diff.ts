/** What changed between two JSON values, as pointers with old and new; for the audit trail and the YAML editor. */

export interface JsonChange {
  path: string;
  old?: unknown;
  new?: unknown;
}

const maxChanges = 200;

const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function walk(before: unknown, after: unknown, path: string, changes: JsonChange[]): void {
  if (changes.length >= maxChanges || before === after) return;
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      walk(before[key], after[key], `${path}/${escaped(key)}`, changes);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i += 1)
      walk(before[i], after[i], `${path}/${i}`, changes);
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  changes.push({
    path,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
  });
}

/** At most 200 changes; more than that is a rewrite, not an edit. */
export function jsonDiff(before: unknown, after: unknown): JsonChange[] {
  const changes: JsonChange[] = [];
  walk(before, after, "", changes);
  return changes;
}
