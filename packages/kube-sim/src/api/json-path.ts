/** The small part of JSONPath that printer columns use: `.a.b[0].c`, `[*]`, `[?(@.type=="Ready")]`, `['a/b']`. */

type Step =
  | { kind: "key"; key: string }
  | { kind: "index"; index: number }
  | { kind: "all" }
  | { kind: "filter"; path: string[]; value: string };

const TOKEN =
  /\.([A-Za-z_$][\w$-]*(?:\\\.[\w$/-]+)*)|\[(\d+)\]|\[\*\]|\['([^']+)'\]|\[\?\(@((?:\.[\w-]+)+)\s*==\s*["']([^"']*)["']\)\]/gy;

function parse(path: string): Step[] {
  const text = path.replace(/^\{|\}$/g, "");
  const steps: Step[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [whole, key, index, quoted, filterPath, value] = match;
    if (key !== undefined) steps.push({ kind: "key", key: key.replaceAll("\\.", ".") });
    else if (index !== undefined) steps.push({ kind: "index", index: Number(index) });
    else if (quoted !== undefined) steps.push({ kind: "key", key: quoted.replaceAll("\\.", ".") });
    else if (filterPath !== undefined) {
      steps.push({ kind: "filter", path: filterPath.split(".").slice(1), value: value ?? "" });
    } else if (whole === "[*]") steps.push({ kind: "all" });
  }
  return steps;
}

const child = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined; // any JSON

function follow(values: unknown[], step: Step): unknown[] {
  switch (step.kind) {
    case "key":
      return values.map((value) => child(value, step.key)).filter((value) => value !== undefined);
    case "index":
      return values.map((value) => child(value, String(step.index))).filter((value) => value !== undefined);
    case "all":
      return values.flatMap((value) =>
        Array.isArray(value)
          ? (value as unknown[])
          : typeof value === "object" && value !== null
            ? Object.values(value)
            : [],
      );
    case "filter":
      return values
        .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))
        .filter((item) => step.path.reduce<unknown>(child, item) === step.value);
  }
}

const parsed = new Map<string, Step[]>();

/** Every value the path leads to. */
export function readJsonPath(object: unknown, path: string): unknown[] {
  let steps = parsed.get(path);
  if (steps === undefined) {
    steps = parse(path.startsWith(".") || path.startsWith("[") || path.startsWith("{") ? path : `.${path}`);
    parsed.set(path, steps);
  }
  return steps.reduce(follow, [object]);
}
