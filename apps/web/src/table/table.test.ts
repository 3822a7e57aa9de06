/** Sorting, columns, CSV and quick filters of lists. */
import { expect, test } from "vitest";
import { statusWords } from "../components/vm-words.ts";
import { type Column, visibleColumns } from "./column.ts";
import { tracksIn } from "./fit-columns.ts";
import { toCsv } from "./csv.ts";
import { filterWord, hasWord, splitQuery, toggleWord } from "./query-words.ts";
import { inSearchWords, inShownWords } from "./shown-words.ts";
import { byCount, nextSort, parseSort, turnedAge } from "./sort.ts";

interface Row {
  name: string;
  size: number;
}
const column = (id: keyof Row, extra: Partial<Column<Row>> = {}): Column<Row> => ({
  id,
  header: id,
  track: "1fr",
  cell: () => null,
  csv: (row) => row[id],
  ...extra,
});

test("a header sorts up, down, then as the list does by itself", () => {
  expect(nextSort(undefined, "cpu")).toBe("cpu");
  expect(nextSort("cpu", "cpu")).toBe("-cpu");
  expect(nextSort("-cpu", "cpu")).toBeUndefined();
  expect(nextSort("-name", "cpu")).toBe("cpu");
  expect(parseSort("-cpu")).toEqual({ key: "cpu", descending: true });
});

test("ages downwards begin with what was made first, also by a link of before", () => {
  const pressed = (sort: string | undefined) => turnedAge(nextSort(turnedAge(sort), "age"));
  expect(pressed(undefined)).toBe("-created");
  expect(pressed("-created")).toBe("created");
  expect(parseSort(turnedAge("created"))).toEqual({ key: "age", descending: true });
  expect(pressed("created")).toBeUndefined();
  expect(turnedAge("-name")).toBe("-name");
  expect(turnedAge(undefined)).toBeUndefined();
});

test("chosen columns keep the table's order; fixed ones stay, optional ones wait", () => {
  const columns = [column("name", { fixed: true }), column("size", { optional: true })];
  expect(visibleColumns(columns, undefined).map((each) => each.id)).toEqual(["name"]);
  expect(visibleColumns(columns, ["size"]).map((each) => each.id)).toEqual(["name", "size"]);
  expect(visibleColumns(columns, []).map((each) => each.id)).toEqual(["name"]);
});

test("tracks give way down to their part of the room, and firm ones that fit exactly stay as they are", () => {
  expect(tracksIn(140, ["100px"])).toEqual({ tracks: "100px", leastPx: 140 });
  expect(tracksIn(330, ["minmax(200px,2fr)", "100px"])).toEqual({
    tracks: "minmax(190px,2fr) 100px",
    leastPx: 330,
  });
  expect(tracksIn(100, ["minmax(200px,2fr)", "100px"]).leastPx).toBe(300);
});

test("CSV quotes what needs it and defuses formulas", () => {
  const rows = [
    { name: 'a,"b"', size: 1 },
    { name: "=cmd|x", size: -2 },
    { name: "two\nlines", size: 3 },
  ];
  expect(toCsv([column("name"), column("size")], rows)).toBe(
    'name,size\r\n"a,""b""",1\r\n\'=cmd|x,-2\r\n"two\nlines",3\r\n',
  );
});

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "  =1",
  "\u00a0=1",
  "＝1",
  "＋1",
  "－1",
  "＠a",
  "\ufeff=1",
])("a cell that begins as a formula is text: %j", (name) => {
  const text = toCsv([column("name")], [{ name, size: 0 }]).slice("name\r\n".length);
  expect(text.replace(/^"/, "")).toMatch(/^'/);
});

test("what any country's spreadsheet takes for the end of a cell stands in quotes", () => {
  for (const name of ["a;=1", "a\t=1", "a,=1", "a\r\n=1", 'a";=1'])
    expect(toCsv([column("name")], [{ name, size: 0 }])).toBe(`name\r\n"${name.replaceAll('"', '""')}"\r\n`);
});

test("a quick filter is added and taken away, quotes and other words kept", () => {
  expect(splitQuery('a "b c" status:"x y"')).toEqual(["a", '"b c"', 'status:"x y"']);
  expect(filterWord("status", "x y")).toBe('status:"x y"');
  const q = toggleWord('shop "b c"', "status:Running");
  expect(q).toBe('shop "b c" status:Running');
  expect(hasWord(q, "STATUS:running")).toBe(true);
  expect(toggleWord(q, "status:running")).toBe('shop "b c"');
});

test("counts stand by size; equal ones keep their places, whatever the order of the reply", () => {
  const order = (counts: Record<string, number>) => byCount(counts).map(([word]) => word);
  expect(order({ Stopped: 2, Running: 9, Paused: 2, Starting: 0 })).toEqual(["Running", "Paused", "Stopped"]);
  expect(order({ Paused: 2, Running: 9, Stopped: 2 })).toEqual(["Running", "Paused", "Stopped"]);
});

test.each([
  ["status:deleting", "status:Terminating"],
  ["web -status:Deleting cpu>4", "web -status:Terminating cpu>4"],
  ["status:Cannot be scheduled", "status:ErrorUnschedulable"],
  ["status:cannot be scheduled web", "status:ErrorUnschedulable web"],
  ['status:"disk failed",running', "status:DataVolumeError,running"],
  ["status:running,Disk failed host:h1", "status:running,DataVolumeError host:h1"],
  ["status:image not found", "status:ErrImagePull,ImagePullBackOff"],
  ['status:"Deleting,Disk failed"', "status:Terminating,DataVolumeError"],
  // left as it is: what the search knows, what nobody knows, what only begins so, and quoted text
  ["status:terminating", "status:terminating"],
  ["status:foo deleting", "status:foo deleting"],
  ["status:deletings", "status:deletings"],
  ["status:", "status:"],
  ["deleting name:deleting", "deleting name:deleting"],
  ['"is status:deleting now"', '"is status:deleting now"'],
  ['status:"disk fai', 'status:"disk fai'],
  // in no more time than others take
  [`status:${"deleting,".repeat(40)}`, `status:${"deleting,".repeat(40)}`],
])("the shown words of %s are asked as %s", (typed, asked) => {
  expect(inSearchWords(typed, { status: statusWords })).toBe(asked);
});

test("what was not understood is told in the words that the list shows", () => {
  const of = (field: string) => ({
    code: "query-value-unknown" as const,
    params: { field, value: "gone", choices: "Terminating, ErrImagePull, ImagePullBackOff, error" },
  });
  expect(inShownWords(of("status"), { status: statusWords }).params?.["choices"]).toBe(
    "Deleting, Image not found, error",
  );
  expect(inShownWords(of("host"), { status: statusWords })).toEqual(of("host"));
});
