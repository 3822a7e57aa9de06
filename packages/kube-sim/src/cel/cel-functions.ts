/**
 * Functions that Kubernetes adds to CEL (apiserver/pkg/cel/library): of lists, regular expressions, quantities, addresses.
 * Both environments get them: the one that checks types and the one that evaluates.
 */
import { quantityBytes } from "../upload/byte-quantity.ts";
import { isIP } from "node:net";
import type { Environment } from "@marcbachmann/cel-js";
import { goPattern } from "../schema/go-pattern.ts";

type Comparable = bigint | number | string | boolean;

const compare = (a: Comparable, b: Comparable): number => (a < b ? -1 : a > b ? 1 : 0);

const isSorted = (list: Comparable[]): boolean =>
  list.every((item, index) => index === 0 || compare(list[index - 1] ?? item, item) <= 0);

function extreme(list: Comparable[], name: string, wanted: 1 | -1): Comparable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return rest.reduce((best, item) => (compare(item, best) === wanted ? item : best), first);
}

/** Numbers of one list are of one type. */
const sum = (list: (bigint | number)[]): bigint | number =>
  typeof list[0] === "number"
    ? list.reduce<number>((total, item) => total + Number(item), 0)
    : list.reduce<bigint>((total, item) => total + BigInt(item), 0n);

/** A number with a unit, as rules see it. */
class Quantity {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

function parseQuantity(text: string): Quantity | undefined {
  const value = quantityBytes(text);
  return Number.isNaN(value) ? undefined : new Quantity(value);
}

function readQuantity(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (quantity !== undefined) return quantity;
  throw new Error(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  const family = isIP(address);
  return family !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

const matchesOf = (text: string, pattern: string) => Iterator.from(goPattern(pattern).matchAll(text));

const isUrl = (text: string): boolean => text.startsWith("/") || URL.canParse(text);

export function addKubernetesFunctions(environment: Environment): void {
  environment.registerType("Quantity", Quantity);
  const add = (signature: string, handler: (...values: never[]) => unknown): void => {
    environment.registerFunction(signature, handler as (...values: unknown[]) => unknown); // called as the signature says
  };
  add("list<dyn>.isSorted(): bool", isSorted);
  add("list<dyn>.sum(): dyn", sum);
  add("list<dyn>.min(): dyn", (list: Comparable[]) => extreme(list, "min", -1));
  add("list<dyn>.max(): dyn", (list: Comparable[]) => extreme(list, "max", 1));
  add("list<dyn>.indexOf(dyn): int", (list: unknown[], item: unknown) => BigInt(list.indexOf(item)));
  add("list<dyn>.lastIndexOf(dyn): int", (list: unknown[], item: unknown) => BigInt(list.lastIndexOf(item)));
  add(
    "string.find(string): string",
    (text: string, pattern: string) => matchesOf(text, pattern).next().value?.[0] ?? "",
  );
  add("string.findAll(string): list<string>", (text: string, pattern: string) =>
    Array.from(matchesOf(text, pattern), ([whole]) => whole),
  );
  add("isQuantity(string): bool", (text: string) => parseQuantity(text) !== undefined);
  add("quantity(string): Quantity", readQuantity);
  add("Quantity.isGreaterThan(Quantity): bool", (a: Quantity, b: Quantity) => a.value > b.value);
  add("Quantity.isLessThan(Quantity): bool", (a: Quantity, b: Quantity) => a.value < b.value);
  add("Quantity.compareTo(Quantity): int", (a: Quantity, b: Quantity) => BigInt(compare(a.value, b.value)));
  add("Quantity.sign(): int", (quantity: Quantity) => BigInt(Math.sign(quantity.value)));
  add("Quantity.isInteger(): bool", (quantity: Quantity) => Number.isInteger(quantity.value));
  add("Quantity.asInteger(): int", (quantity: Quantity) => BigInt(quantity.value));
  add("Quantity.asApproximateFloat(): double", (quantity: Quantity) => quantity.value);
  add("Quantity.add(Quantity): Quantity", (a: Quantity, b: Quantity) => new Quantity(a.value + b.value));
  add("Quantity.sub(Quantity): Quantity", (a: Quantity, b: Quantity) => new Quantity(a.value - b.value));
  add("isURL(string): bool", isUrl);
  add("isIP(string): bool", (text: string) => isIP(text) !== 0);
  add("isCIDR(string): bool", isCidr);
}
