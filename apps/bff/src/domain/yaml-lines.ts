/** On which line of a YAML text a field stands, so that what the cluster refuses is shown where it was typed. Pure. */
import { isMap, isScalar, isSeq } from "yaml";
import { readYaml, type ReadYaml } from "./bounded-yaml.ts";

/** `spec.disks[0].name`, `/spec/disks/0/name` and a leading dot, as keys and indexes. */
function stepsOf(path: string): string[] {
  return path.split(/[./[\]]+/).filter((step) => step !== "");
}

/** From 1; the deepest part of `path` (Kubernetes' notation or a JSON pointer) that the text has. Undefined where it has none. */
export function lineOfPath(text: string, path: string): number | undefined {
  return lineFinder(text)(path);
}

/** As `lineOfPath`, of many paths in one text, which is read once. */
export function lineFinder(text: string): (path: string) => number | undefined {
  let read: ReadYaml | undefined;
  return (path) => lineIn((read ??= readYaml(text)), path);
}

function lineIn({ document, lineAt }: ReadYaml, path: string): number | undefined {
  let node: unknown = document?.contents;
  let offset: number | undefined;
  for (const step of stepsOf(path)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined) break;
      if (isMap(item) || isSeq(item) || isScalar(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset === undefined ? undefined : lineAt(offset);
}

/**
 * The field of a refusal to read the text: `strict decoding error: unknown field "spec.foo"`, and
 * `json: cannot unmarshal string into Go struct field Spec.spec.replicas of type int32`, where Go leaves indexes out.
 */
export function fieldOfDecodingRefusal(message: string): string | undefined {
  return (
    /(?:unknown|duplicate) field "([^"]+)"/.exec(message)?.[1] ??
    /into Go struct field \w+\.([\w.]+) of type /.exec(message)?.[1]
  );
}
