/** A list as a CSV file (RFC 4180). Cells that a spreadsheet would run as a formula are made text. */
import type { Column } from "./column.ts";

/** How a formula begins, also behind blanks and in the wide forms of East Asian keyboards. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** What any country's spreadsheet takes for the end of a cell (`;`, a tab) stands in quotes. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The file's text, header first, lines ended by CRLF. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map((column) => cell(column.header))];
  for (const row of rows) lines.push(columns.map((column) => cell(column.csv(row))));
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

/** Offers `parts` as a file to keep. */
export function offerFile(name: string, parts: BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
