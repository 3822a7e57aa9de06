/** Finds fields that a JSON text gives twice: JSON.parse keeps the last one silently, the API server says so. */

const STRING = /"(?:[^"\\]|\\.)*"/y;

interface Level {
  path: string;
  /** Keys so far; undefined in lists. */
  keys: Set<string> | undefined;
  index: number;
  key: string;
}

/** Paths of repeated fields, in order, each once: `spec.replicas`. The text must be JSON. */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const level = levels.at(-1);
    switch (text[at]) {
      case "{":
      case "[": {
        const isList = text[at] === "[";
        const path = level === undefined ? "" : childPath(level);
        levels.push({ path, keys: isList ? undefined : new Set(), index: 0, key: "" });
        expectsKey = !isList;
        break;
      }
      case "}":
      case "]":
        levels.pop();
        expectsKey = false;
        break;
      case ",":
        if (level?.keys === undefined && level !== undefined) level.index += 1;
        expectsKey = level?.keys !== undefined;
        break;
      case '"': {
        STRING.lastIndex = at;
        const literal = STRING.exec(text)?.[0] ?? '""';
        at += literal.length - 1;
        if (!expectsKey || level?.keys === undefined) break;
        level.key = JSON.parse(literal) as string; // a JSON string
        if (level.keys.has(level.key)) found.add(childPath(level));
        level.keys.add(level.key);
        expectsKey = false;
        break;
      }
      default:
    }
  }
  return [...found];
}

function childPath({ path, keys, index, key }: Level): string {
  if (keys === undefined) return `${path}[${index}]`;
  return path === "" ? key : `${path}.${key}`;
}
