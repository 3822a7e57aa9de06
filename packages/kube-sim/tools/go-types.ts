/**
 * Reads the type declarations of Go packages in the style of the Kubernetes API: structs with JSON tags, named scalars,
 * lists and maps, constants of enums, and the `+marker` comments. No more of Go is understood than those files use.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type GoType =
  | { kind: "name"; package: string; name: string }
  | { kind: "list"; item: GoType }
  | { kind: "map"; key: GoType; value: GoType }
  | { kind: "scalar"; name: string };

export interface GoField {
  /** Name in JSON; empty for inlined structs. */
  json: string;
  omitEmpty: boolean;
  pointer: boolean;
  type: GoType;
  tags: Readonly<Record<string, string>>;
  markers: readonly string[];
}

export interface GoDeclaration {
  package: string;
  name: string;
  markers: readonly string[];
  /** Of structs. */
  fields?: readonly GoField[];
  /** What a type that is no struct is made of. */
  underlying?: GoType;
}

const SCALARS = new Set([
  "string",
  "bool",
  "byte",
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
]);

export class GoTypes {
  readonly #folders: (importPath: string) => string | undefined;
  readonly #packages = new Map<string, Map<string, GoDeclaration>>();
  readonly #constants = new Map<string, string[]>();

  /** `folders` gives the folder of an import path. */
  constructor(folders: (importPath: string) => string | undefined) {
    this.#folders = folders;
  }

  /** The declarations of a package by name; empty where its folder is not there. */
  package(importPath: string): ReadonlyMap<string, GoDeclaration> {
    let found = this.#packages.get(importPath);
    if (found !== undefined) return found;
    found = new Map();
    this.#packages.set(importPath, found);
    const folder = this.#folders(importPath);
    if (folder === undefined || !existsSync(folder)) return found;
    for (const file of readdirSync(folder)) {
      if (!file.endsWith(".go") || file.endsWith("_test.go") || file.startsWith("zz_generated")) continue;
      if (file === "generated.pb.go" || file === "types_swagger_doc_generated.go") continue;
      this.#read(importPath, readFileSync(join(folder, file), "utf8"), found);
    }
    return found;
  }

  declaration(importPath: string, name: string): GoDeclaration | undefined {
    return this.package(importPath).get(name);
  }

  /** The values of the string constants of a type, sorted. */
  constantsOf(importPath: string, name: string): string[] {
    return (this.#constants.get(`${importPath}.${name}`) ?? []).toSorted();
  }

  #read(importPath: string, source: string, into: Map<string, GoDeclaration>): void {
    const imports = importsOf(source);
    const lines = source.split("\n");
    let comments: string[] = [];
    for (let index = 0; index < lines.length; index += 1) {
      const line = (lines[index] ?? "").trim();
      if (line.startsWith("//")) {
        comments.push(line.slice(2).trim());
        continue;
      }
      const constant = /^(?:const )?(\w+)\s+([A-Z]\w*)\s*=\s*"([^"]*)"/.exec(line);
      if (constant !== null) {
        const key = `${importPath}.${constant[2] ?? ""}`;
        this.#constants.set(key, [...(this.#constants.get(key) ?? []), constant[3] ?? ""]);
      }
      const struct = /^type (\w+) struct \{$/.exec(line);
      if (struct !== null) {
        const name = struct[1] ?? "";
        const { fields, end } = readFields(lines, index + 1, importPath, imports);
        into.set(name, { package: importPath, name, markers: markersOf(comments), fields });
        index = end;
      } else {
        const named = /^type (\w+) (=\s*)?([\w.[\]*]+)(\s*\/\/.*)?$/.exec(line);
        if (named !== null && named[3] !== "interface" && named[3] !== "func") {
          const name = named[1] ?? "";
          const underlying = readType(named[3] ?? "", importPath, imports);
          into.set(name, { package: importPath, name, markers: markersOf(comments), underlying });
        }
        const empty = /^type (\w+) struct ?\{ ?\}$/.exec(line);
        if (empty !== null) {
          const name = empty[1] ?? "";
          into.set(name, { package: importPath, name, markers: markersOf(comments), fields: [] });
        }
      }
      // Markers may stand in a paragraph of their own above the declaration's comment.
      if (line !== "") comments = [];
    }
  }
}

const markersOf = (comments: readonly string[]): string[] =>
  comments.filter((comment) => comment.startsWith("+")).map((comment) => comment.slice(1));

function importsOf(source: string): Map<string, string> {
  const imports = new Map<string, string>();
  const block = /^import \(([\s\S]*?)^\)/m.exec(source)?.[1] ?? /^import (.*)$/m.exec(source)?.[1] ?? "";
  for (const match of block.matchAll(/^\s*(\w+)?\s*"([^"]+)"/gm)) {
    const path = match[2] ?? "";
    imports.set(match[1] ?? path.slice(path.lastIndexOf("/") + 1), path);
  }
  return imports;
}

function readFields(
  lines: readonly string[],
  start: number,
  importPath: string,
  imports: ReadonlyMap<string, string>,
): { fields: GoField[]; end: number } {
  const fields: GoField[] = [];
  let comments: string[] = [];
  for (let index = start; index < lines.length; index += 1) {
    const line = (lines[index] ?? "").trim();
    if (line === "}") return { fields, end: index };
    if (line.startsWith("//")) {
      comments.push(line.slice(2).trim());
      continue;
    }
    const match = /^(?:(\w+)\s+)?([\w.[\]*]+)\s+`([^`]*)`/.exec(line);
    if (match !== null) {
      const tags = Object.fromEntries(
        [...(match[3] ?? "").matchAll(/(\w+):"([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
      );
      const [json = "", ...options] = (tags["json"] ?? "-").split(",");
      if (json !== "-") {
        fields.push({
          json,
          omitEmpty: options.includes("omitempty") || options.includes("omitzero"),
          pointer: match[2]?.startsWith("*") === true,
          type: readType(match[2] ?? "", importPath, imports),
          tags,
          markers: markersOf(comments),
        });
      }
    }
    comments = [];
  }
  throw new Error(`a struct of ${importPath} does not end`);
}

function readType(text: string, importPath: string, imports: ReadonlyMap<string, string>): GoType {
  if (text.startsWith("*")) return readType(text.slice(1), importPath, imports);
  if (text.startsWith("[]")) return { kind: "list", item: readType(text.slice(2), importPath, imports) };
  const map = /^map\[([\w.]+)\](.*)$/.exec(text);
  if (map !== null) {
    return {
      kind: "map",
      key: readType(map[1] ?? "", importPath, imports),
      value: readType(map[2] ?? "", importPath, imports),
    };
  }
  if (SCALARS.has(text)) return { kind: "scalar", name: text };
  const dot = text.indexOf(".");
  if (dot === -1) return { kind: "name", package: importPath, name: text };
  const path = imports.get(text.slice(0, dot));
  if (path === undefined) throw new Error(`${importPath}: nothing is imported for ${text}`);
  return { kind: "name", package: path, name: text.slice(dot + 1) };
}
