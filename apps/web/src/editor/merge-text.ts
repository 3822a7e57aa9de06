/** Merges two edits of the same text line by line (three-way), so that a concurrent change is kept, not overwritten. */

export interface MergeResult {
  text: string;
  /** Line groups that both sides changed differently; theirs is kept in the text, between markers. */
  conflicts: number;
}

interface Hunk {
  /** Lines of the base that are replaced: from inclusive, to exclusive. */
  from: number;
  to: number;
  lines: readonly string[];
}

/** Differences of `next` against `base` as hunks over the base's lines. Quadratic in the changed middle only. */
function hunksOf(base: readonly string[], next: readonly string[]): Hunk[] {
  let start = 0;
  while (start < base.length && start < next.length && base[start] === next[start]) start += 1;
  let endBase = base.length;
  let endNext = next.length;
  while (endBase > start && endNext > start && base[endBase - 1] === next[endNext - 1]) {
    endBase -= 1;
    endNext -= 1;
  }
  const a = base.slice(start, endBase);
  const b = next.slice(start, endNext);
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const hunks: Hunk[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const from = i;
    const fromNext = j;
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (j < b.length && (i >= a.length || at(i, j + 1) >= at(i + 1, j))) j += 1;
      else i += 1;
    }
    hunks.push({ from: start + from, to: start + i, lines: b.slice(fromNext, j) });
  }
  return hunks;
}

/** `mine` and `theirs` are both edits of `base`. */
export function mergeText(base: string, mine: string, theirs: string): MergeResult {
  const lines = base.split("\n");
  const own = hunksOf(lines, mine.split("\n"));
  const other = hunksOf(lines, theirs.split("\n"));
  const out: string[] = [];
  let conflicts = 0;
  let at = 0;
  while (own.length > 0 || other.length > 0) {
    const a = own[0];
    const b = other[0];
    const first = b === undefined || (a !== undefined && a.from <= b.from) ? a : b;
    if (first === undefined) break;
    const second = first === a ? b : a;
    const overlaps = second !== undefined && (second.from < first.to || second.from === first.from);
    out.push(...lines.slice(at, first.from));
    if (!overlaps) {
      out.push(...first.lines);
      at = first.to;
      if (first === a) own.shift();
      else other.shift();
      continue;
    }
    own.shift();
    other.shift();
    const same =
      a !== undefined &&
      b !== undefined &&
      a.from === b.from &&
      a.to === b.to &&
      a.lines.join("\n") === b.lines.join("\n");
    if (same) out.push(...first.lines);
    else {
      conflicts += 1;
      out.push("# <<<<<<< yours", ...(a?.lines ?? []), "# ======= theirs", ...(b?.lines ?? []), "# >>>>>>>");
    }
    at = Math.max(first.to, second.to);
  }
  out.push(...lines.slice(at));
  return { text: out.join("\n"), conflicts };
}
