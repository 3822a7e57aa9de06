/** Merges two edits of the same text line by line (three-way), so that a concurrent change is kept, not overwritten. */
import { anchorsOf } from "./line-anchors.ts";

export interface MergeResult {
  text: string;
  /** Line groups that both sides changed differently; both stand in the text, between markers. */
  conflicts: number;
}

const markers = { own: "# <<<<<<<", other: "# =======", end: "# >>>>>>>" } as const;

/**
 * A marker as it was written, or indented with its word. Seven signs alone pass when indented: that may be a line of a script
 * within the YAML.
 */
const markerLine = /^(?:# (?:<{7}|={7}|>{7})(?:\s|$)|\s+# (?:<{7} yours|={7} theirs|>{7})\s*$)/;

/** The lines, counted from 1, that still hold a marker of a place nobody decided. */
export function conflictMarkerLines(text: string): number[] {
  return text.split("\n").flatMap((line, index) => (markerLine.test(line) ? [index + 1] : []));
}

interface Hunk {
  /** Lines of the base that are replaced: from inclusive, to exclusive. */
  from: number;
  to: number;
  lines: readonly string[];
}

/** Pairs of lines that are compared with each other; more of them take seconds and hundreds of megabytes. */
const mostCompared = 4_000_000;

/** Differences of long stretches: between the lines that surely stayed; a stretch without any is one change. */
function longHunks(a: readonly string[], b: readonly string[]): Hunk[] {
  const anchors = anchorsOf(a, b);
  if (anchors.length === 0) return [{ from: 0, to: a.length, lines: b }];
  const hunks: Hunk[] = [];
  let [fromA, fromB] = [0, 0];
  for (const [inA, inB] of [...anchors, [a.length, b.length] as const]) {
    for (const hunk of hunksOf(a.slice(fromA, inA), b.slice(fromB, inB)))
      hunks.push({ ...hunk, from: hunk.from + fromA, to: hunk.to + fromA });
    [fromA, fromB] = [inA + 1, inB + 1];
  }
  return hunks;
}

/** Differences of `next` against `base` as hunks over the base's lines. Quadratic in the changed middle only, where that is short. */
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
  if (a.length * b.length > mostCompared)
    return longHunks(a, b).map((hunk) => ({ ...hunk, from: start + hunk.from, to: start + hunk.to }));
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

/** A stretch of the base that at least one side changed, with each side's hunks in it. */
interface Region {
  from: number;
  to: number;
  own: Hunk[];
  other: Hunk[];
}

/**
 * The hunks of both sides as regions in order. Hunks that overlap or touch are one region, through any number of them:
 * one long hunk may meet several short ones of the other side, and a short one may join two long ones.
 */
function regionsOf(own: readonly Hunk[], other: readonly Hunk[]): Region[] {
  const all = [
    ...own.map((hunk) => ({ side: "own" as const, hunk })),
    ...other.map((hunk) => ({ side: "other" as const, hunk })),
  ].toSorted((a, b) => a.hunk.from - b.hunk.from || a.hunk.to - b.hunk.to);
  const regions: Region[] = [];
  let region: Region | undefined;
  for (const { side, hunk } of all) {
    if (region === undefined || hunk.from > region.to) {
      region = { from: hunk.from, to: hunk.to, own: [], other: [] };
      regions.push(region);
    }
    region.to = Math.max(region.to, hunk.to);
    region[side].push(hunk);
  }
  return regions;
}

/** The lines from `from` to `to` as one side has them. */
function sideOf(
  base: readonly string[],
  { from, to }: Pick<Region, "from" | "to">,
  hunks: readonly Hunk[],
): string[] {
  const lines: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at, to)];
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

/** `mine` and `theirs` are both edits of `base`. */
export function mergeText(base: string, mine: string, theirs: string): MergeResult {
  const lines = base.split("\n");
  const out: string[] = [];
  let conflicts = 0;
  let at = 0;
  for (const region of regionsOf(hunksOf(lines, mine.split("\n")), hunksOf(lines, theirs.split("\n")))) {
    out.push(...lines.slice(at, region.from));
    at = region.to;
    const own = sideOf(lines, region, region.own);
    const other = sideOf(lines, region, region.other);
    if (region.other.length === 0) out.push(...own);
    else if (region.own.length === 0 || sameLines(own, other)) out.push(...other);
    else {
      conflicts += 1;
      out.push(`${markers.own} yours`, ...own, `${markers.other} theirs`, ...other, markers.end);
    }
  }
  out.push(...lines.slice(at));
  return { text: out.join("\n"), conflicts };
}
