/** What stands in place of the preview while the form cannot be asked about: what is missing first, then what is there and not right. */
import type { DraftError } from "./draft.ts";
import { fieldLabel } from "./field-labels.ts";

const labelsOf = (errors: readonly DraftError[]) =>
  [...new Set(errors.map(({ path }) => fieldLabel(path)))].join(", ");

/** Whole sentences. */
export function previewPrompt(errors: readonly DraftError[]): string {
  const missing = errors.filter(({ misspelt }) => !misspelt);
  if (missing.length === 0)
    return `Something in the form is not right yet (${labelsOf(errors)}). Correct it; then the cluster is asked whether it fits.`;
  const lacks = (...begins: readonly string[]) =>
    missing.some(({ path }) => begins.some((begin) => path.startsWith(begin)));
  if (lacks("name"))
    return "Give the machine a name and a source; then the cluster is asked whether it fits.";
  if (lacks("source.")) return "Give the machine a source; then the cluster is asked whether it fits.";
  return `Something is still missing (${labelsOf(missing)}). Fill it in; then the cluster is asked whether it fits.`;
}
