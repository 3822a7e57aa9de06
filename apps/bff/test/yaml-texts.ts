/** Texts for whoever reads YAML: objects with small mistakes, and what has brought other readers down. */
import { pick } from "./schema-values.ts";

const object = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: shop-db-1
  namespace: web-shop
  labels: {app: shop}
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        devices:
          disks:
            - name: root
              disk: {bus: virtio}
        memory: {guest: 128Mi}
      volumes: []
`;

const aliases = Array.from({ length: 9 }, (_, at) =>
  at === 0 ? "a0: &a0 [x, x, x, x, x, x, x, x, x]" : `a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}x]`,
).join("\n");

const hostile = [
  aliases,
  "[".repeat(20_000),
  "{a: ".repeat(20_000),
  `${"- ".repeat(20_000)}x`,
  Array.from({ length: 2000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"),
  "a: &a {b: *a}",
  "<<: *nothing",
  "<<: [1, 2]",
  "? {a: 1}\n: b",
  "!!js/function 'function () {}'",
  "!!binary ====",
  "!<tag:yaml.org,2002:map> 1",
  "a: 1\na: 2",
  "---\na: 1\n---\nb: 2\n",
  "%YAML 9.9\n---\n",
  "a:\t1",
  "\u0000",
  "\uFEFFa: 1",
  "a: |\n\t x",
  "'",
  "*",
  "&",
  "__proto__: {x: 1}",
  "apiVersion: v1\nkind: List\nitems: []",
  "apiVersion: 1\nkind: [a]\nmetadata: text",
  "apiVersion: a/b/c/d\nkind: X\nmetadata: {name: x}",
  "null",
  "9007199254740993",
  "",
] as const;

/** A whole object, the same with a few characters changed, or something hostile. */
export function yamlText(random: () => number): string {
  if (random() < 0.3) return pick(random, hostile);
  let text = object;
  for (let changes = Math.floor(random() * 4); changes > 0; changes -= 1) {
    const at = Math.floor(random() * text.length);
    const piece = pick(random, [
      "",
      ":",
      "\n",
      "  ",
      "[",
      "}",
      '"',
      "&a ",
      "*a",
      "- ",
      "#",
      "\t",
      "|",
      "\u0000",
    ]);
    text = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 5));
  }
  return text;
}
