/** Reads YAML bodies. Keys that a map gives twice are told of, and the last one counts, as with JSON. */
import { isScalar, LineCounter, parseDocument, visit } from "yaml";
import { badRequest } from "../store/status-error.ts";

export interface YamlBody {
  value: unknown;
  /** One text for all of them, in the words of sigs.k8s.io/yaml. */
  faults: string[];
}

/** Throws 400 where the text is no YAML. */
export function readYaml(bytes: Buffer): YamlBody {
  const lines = new LineCounter();
  // the library's own look for repeated keys compares each with all before it: minutes for a long map
  const document = parseDocument(bytes.toString("utf8"), { uniqueKeys: false, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) throw unreadable(error.message);
  const repeated: string[] = [];
  visit(document, {
    Map: (_key, map) => {
      const keys = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const text = String(key.value);
        if (keys.has(text))
          repeated.push(
            `line ${lines.linePos(key.range?.[0] ?? 0).line}: key ${JSON.stringify(text)} already set in map`,
          );
        keys.add(text);
      }
    },
  });
  try {
    return {
      value: document.toJS({ maxAliasCount: 100 }) as unknown,
      faults: repeated.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${repeated.join("\n  ")}`],
    };
  } catch (failure) {
    throw unreadable(failure instanceof Error ? failure.message : String(failure));
  }
}

const unreadable = (why: string) => badRequest(`error converting YAML to JSON: ${why}`);
