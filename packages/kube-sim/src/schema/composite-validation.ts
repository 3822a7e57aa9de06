/** allOf, anyOf, oneOf and not, with the messages and the choice of inner faults of kube-openapi (schema_props.go). */
import type { StatusCause } from "../store/status-error.ts";
import type { StructuralSchema } from "./structural-schema.ts";

type Cause = Required<StatusCause>;

type Validate = (schema: StructuralSchema) => Cause[];

/** Faults of the junctors of `schema`; `validate` checks the same value against another schema. */
export function validateJunctors(schema: StructuralSchema, path: string, validate: Validate): Cause[] {
  const causes: Cause[] = [];
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  // the API server's validator knows no path for these
  const add = (message: string): void => {
    causes.push({
      reason: "FieldValueInvalid",
      message: `Invalid value: "": ${JSON.stringify(path)} ${message}`,
      field: "<nil>",
    });
  };
  if (anyOf.length > 0) {
    const outcomes = anyOf.map(validate);
    if (!outcomes.some(({ length }) => length === 0)) {
      add("must validate at least one schema (anyOf)");
      causes.push(...fewest(outcomes));
    }
  }
  if (oneOf.length > 0) {
    const outcomes = oneOf.map(validate);
    const valid = outcomes.filter(({ length }) => length === 0).length;
    if (valid === 0) {
      add("must validate one and only one schema (oneOf). Found none valid");
      causes.push(...fewest(outcomes));
    } else if (valid > 1) {
      add(`must validate one and only one schema (oneOf). Found ${valid} valid alternatives`);
    }
  }
  if (allOf.length > 0) {
    const outcomes = allOf.map(validate);
    causes.push(...outcomes.flat());
    const valid = outcomes.filter(({ length }) => length === 0).length;
    if (valid < allOf.length)
      add(`must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
  }
  if (not !== undefined && validate(not).length === 0) add("must not validate the schema (not)");
  return causes;
}

/** The alternative that came nearest tells what is wrong. */
const fewest = (outcomes: Cause[][]): Cause[] =>
  outcomes.reduce((best, next) => (next.length < best.length ? next : best), outcomes[0] ?? []);
