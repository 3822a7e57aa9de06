/**
 * Rules in CEL, checked against the types of their schema and made ready to run. Types are checked in an environment of the
 * schema's own; values are given without types, so that all rules run in one that they share.
 */
import {
  Environment,
  EvaluationError,
  Optional,
  ParseError,
  TypeError as CelTypeError,
} from "@marcbachmann/cel-js";
import type { StructuralSchema, ValidationRule } from "../schema/structural-schema.ts";
import { addKubernetesFunctions } from "./cel-functions.ts";
import { celValue, TypeDeclarations } from "./cel-types.ts";

export interface CompiledRule {
  rule: ValidationRule;
  usesOldSelf: boolean;
  /** What the API server says of a rule that is none: `compilation failed: …`. */
  error: string | undefined;
  /** The same of its messageExpression. */
  messageError: string | undefined;
  /** Runs the rule; throws an Error whose message says what went wrong. `old` is undefined where there is nothing to compare with. */
  holds(value: unknown, old: unknown): boolean;
  /** Undefined where there is no message expression, or it gives none. */
  message(value: unknown, old: unknown): string | undefined;
}

const OPTIONS = { homogeneousAggregateLiterals: false, enableOptionalTypes: true } as const;

function newEnvironment(): Environment {
  const environment = new Environment(OPTIONS);
  addKubernetesFunctions(environment);
  return environment;
}

let made: Environment | undefined;

/** Made when the first rule is met: a start does not wait for it. */
const running = (): Environment =>
  (made ??= newEnvironment().registerVariable("self", "dyn").registerVariable("oldSelf", "dyn"));

const parseDuration = (text: string): unknown =>
  running().evaluate("duration(self)", { self: text, oldSelf: null });

const compiled = new WeakMap<StructuralSchema, readonly CompiledRule[]>();

/** The rules of one schema, not of those below it. `isObject`: it is that of a whole object. */
export function compiledRules(schema: StructuralSchema, isObject: boolean): readonly CompiledRule[] {
  const rules = schema["x-kubernetes-validations"];
  if (rules === undefined || rules.length === 0) return [];
  let known = compiled.get(schema);
  if (known === undefined) {
    known = rules.map((rule) => compileRule(rule, schema, isObject));
    compiled.set(schema, known);
  }
  return known;
}

function typedEnvironment(schema: StructuralSchema, isObject: boolean, optional: boolean): Environment {
  const environment = newEnvironment();
  const type = new TypeDeclarations(environment).declare(schema, isObject) ?? "dyn";
  return environment
    .registerVariable("self", type)
    .registerVariable("oldSelf", optional ? `optional<${type}>` : type);
}

function compileRule(rule: ValidationRule, schema: StructuralSchema, isObject: boolean): CompiledRule {
  const optional = rule.optionalOldSelf === true;
  const typed = typedEnvironment(schema, isObject, optional);
  const { messageExpression = "" } = rule;
  const error = faultOf(typed, rule.rule, "bool");
  const messageError = messageExpression === "" ? undefined : faultOf(typed, messageExpression, "string");
  const variables = (value: unknown, old: unknown): { self: unknown; oldSelf: unknown } => {
    const self = celValue(value, schema, parseDuration, isObject);
    if (old === undefined || old === null) return { self, oldSelf: optional ? Optional.none() : null };
    const before = celValue(old, schema, parseDuration, isObject);
    return { self, oldSelf: optional ? Optional.of(before) : before };
  };
  const run = (expression: string, value: unknown, old: unknown): unknown => {
    try {
      return running().evaluate(expression, variables(value, old));
    } catch (cause) {
      throw new Error(runtimeFault(cause, rule), { cause });
    }
  };
  return {
    rule,
    usesOldSelf: error === undefined && /\boldSelf\b/.test(withoutStrings(rule.rule)),
    error:
      error === undefined
        ? undefined
        : described(error, "compilation failed: ", "cel expression must evaluate to a bool"),
    messageError:
      messageError === undefined
        ? undefined
        : described(
            messageError,
            "messageExpression compilation failed: ",
            "messageExpression must evaluate to a string",
          ),
    holds: (value, old) => run(rule.rule, value, old) === true,
    message: (value, old) => {
      if (messageExpression === "" || messageError !== undefined) return undefined;
      try {
        const text = run(messageExpression, value, old);
        const trimmed = typeof text === "string" ? text.trim() : "";
        return trimmed === "" || trimmed.includes("\n") ? undefined : trimmed;
      } catch {
        // a message that cannot be made gives way to the rule's own
        return undefined;
      }
    },
  };
}

/** What is within quotes names nothing. */
const withoutStrings = (rule: string): string =>
  rule.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');

interface Fault {
  /** Undefined for one that is of a wrong type as a whole. */
  text: string | undefined;
}

function faultOf(environment: Environment, expression: string, wanted: "bool" | "string"): Fault | undefined {
  const result = environment.check(expression);
  if (!result.valid) return { text: compileFault(result.error, expression) };
  const type = String(result.type);
  return type === wanted || type === "dyn" ? undefined : { text: undefined };
}

const described = ({ text }: Fault, prefix: string, wrongType: string): string =>
  text === undefined ? wrongType : `${prefix}${text}`;

/** As cel-go shows it: where, what, the line and a mark below it. */
function compileFault(error: unknown, expression: string): string {
  if (!(error instanceof ParseError || error instanceof CelTypeError)) return String(error);
  const start = markOf(error, expression);
  const before = expression.slice(0, start).split("\n");
  const line = before.length;
  const column = before.at(-1)?.length ?? 0;
  const source = expression.split("\n")[line - 1] ?? "";
  const text = celGoWords(error);
  return `ERROR: <input>:${line}:${column + 1}: ${text}\n | ${source}\n | ${".".repeat(column)}^`;
}

/** cel-go marks the dot before a field and the operator between operands. */
function markOf(error: ParseError | CelTypeError, expression: string): number {
  const start = error.range?.start ?? 0;
  if (error.code === "no_such_key") return expression.lastIndexOf(".", start);
  const operator = /^no such overload: \S+ (\S+) \S+$/.exec(error.summary)?.[1];
  const found = operator === undefined ? -1 : expression.indexOf(operator, start);
  return found === -1 ? start : found;
}

function celGoWords(error: ParseError | CelTypeError): string {
  const summary = error.summary ?? error.message;
  if (error instanceof ParseError) return `Syntax error: ${summary}`;
  const [, name = ""] = /: (\S+)$/.exec(summary) ?? [];
  if (error.code === "no_such_key") return `undefined field '${name}'`;
  if (error.code === "unknown_variable") return `undeclared reference to '${name}' (in container '')`;
  const operator = /^no such overload: (\S+) (\S+) (\S+)$/.exec(summary);
  if (operator !== null)
    return `found no matching overload for '_${operator[2] ?? ""}_' applied to '(${operator[1] ?? ""}, ${operator[3] ?? ""})'`;
  return summary;
}

const textOf = (rule: ValidationRule): string => rule.message?.trim() || rule.rule.trim();

/** In the words of cel-go and of apiextensions' validation.go. */
function runtimeFault(error: unknown, rule: ValidationRule): string {
  if (!(error instanceof EvaluationError))
    return `${error instanceof Error ? error.message : String(error)} evaluating rule: ${textOf(rule)}`;
  const summary = error.summary ?? error.message;
  if (error.code === "no_such_overload" || error.code === "no_matching_overload")
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${textOf(rule)}`;
  const index = /index out of bounds, index (\d+)/.exec(summary);
  const said =
    index === null
      ? summary.replace(/^No such key/, "no such key")
      : `index out of bounds: ${index[1] ?? ""}`;
  return `${said} evaluating rule: ${textOf(rule)}`;
}
