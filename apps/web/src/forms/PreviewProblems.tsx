/** What stops a form, beside its verdict: the field itself may lie far up the page. */
import type { FieldError } from "@kubev/api-types/errors";
import { formErrors } from "../components/form-errors.ts";

interface PreviewProblemsProps {
  fields: readonly FieldError[];
  /** The name of the field at a path, as the form shows it. */
  labelOf: (path: string) => string;
}

export function PreviewProblems({ fields, labelOf }: PreviewProblemsProps) {
  return formErrors(fields).all.map(({ path, text }) => (
    <p key={`${path} ${text}`} className="text-error">
      {path === "" ? text : `${labelOf(path)}: ${text}`}
    </p>
  ));
}
