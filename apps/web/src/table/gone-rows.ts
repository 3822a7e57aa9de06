/** Which of some rows nobody has any more: asked by name, for a row that is not on screen may as well be on another page. */
import { type LiveRow, rowKey } from "../api/live/list-window.ts";

interface NamedRow extends LiveRow {
  name: string;
}

/** Below the contract's bound for a search. */
const longestQuery = 480;

/** `read` answers a search with all its rows, whatever is searched for on screen. Throws what it throws. */
export async function goneRows<Row extends NamedRow>(
  rows: readonly Row[],
  read: (q: string) => Promise<readonly unknown[]>,
): Promise<Row[]> {
  const questions: string[] = [];
  for (const name of new Set(rows.map((row) => row.name))) {
    const last = questions.at(-1);
    if (last !== undefined && last.length + name.length < longestQuery)
      questions[questions.length - 1] = `${last},${name}`;
    else questions.push(`name=${name}`);
  }
  const found = new Set<string>();
  for (const q of questions) for (const row of await read(q)) found.add(rowKey(row as Row)); // as: rows of the same list
  return rows.filter((row) => !found.has(rowKey(row)));
}
