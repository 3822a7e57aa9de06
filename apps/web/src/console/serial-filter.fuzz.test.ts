/** Whatever a guest prints, a real terminal behind the filter does nothing but show it. `SOAK=1` has it print much more. */
import headless from "@xterm/headless";
import {
  array,
  asyncProperty,
  assert as check,
  constantFrom,
  nat,
  oneof,
  property,
  uint8Array,
} from "fast-check";
import { expect, test } from "vitest";
import { SerialFilter } from "./serial-filter.ts";

const isSoak = import.meta.env["SOAK"] === "1";
const seed = Number(import.meta.env["FUZZ_SEED"] ?? 20_261_123);
const numRuns = isSoak ? 50_000 : 1000;
const limitMs = isSoak ? 3_600_000 : 60_000;

const esc = "\u001b";

/** Single bytes that begin, continue and end sequences; from `\u0080` to `\u009f` are the one-character forms. */
const marks =
  "\u001b()*+-./#% $!&[]PX^_\\cntxquphlmZ056;:?>=\u0005\u0007\u0018\u001a\n\r\u007f\u0084\u0090\u0098\u009a\u009b\u009c\u009d\u009e\u009fé👋a";

/** Longer parts, with and without their beginning. */
const parts = [
  `${esc}(`,
  `${esc}%`,
  `${esc} #`,
  `${esc}(${esc}`,
  `${esc}[`,
  `${esc}]`,
  `${esc}P`,
  `${esc}\\`,
  `${esc}[c`,
  "[6n",
  "[?6n",
  "[>c",
  "[?25$p",
  `${esc}[?1000h`,
  "[?01003h",
  "[?1004:1h",
  "P$qm",
  "]2;title\u0007",
  `]0;title${esc}\\`,
  "]8;;https://evil.example\u0007",
  "]52;c;ZXZpbA==\u0007",
  "]11;?\u0007",
];
const fragments = Array.from(marks).concat(parts);

const output = array(
  oneof(
    { weight: 6, arbitrary: constantFrom(...fragments).map((text) => new TextEncoder().encode(text)) },
    { weight: 1, arbitrary: uint8Array({ maxLength: 6 }) },
  ),
  { maxLength: 24 },
).map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));

/** The bytes cut at the given places, decoded as the console decodes them. */
function* decoded(bytes: Uint8Array, cuts: readonly number[]): Generator<string> {
  const decoder = new TextDecoder();
  const places = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
  for (const [index, from] of [0, ...places].entries())
    yield decoder.decode(bytes.subarray(from, places[index] ?? bytes.length), { stream: true });
}

/** What the terminal did besides showing text. */
async function sideEffects(chunks: Iterable<string>): Promise<string[]> {
  const seen: string[] = [];
  const terminal = new headless.Terminal({
    cols: 20,
    rows: 4,
    scrollback: 0,
    allowProposedApi: true,
    logLevel: "off",
  });
  terminal.onData((data) => seen.push(`answer ${JSON.stringify(data)}`));
  terminal.onBinary((data) => seen.push(`answer ${JSON.stringify(data)}`));
  terminal.onTitleChange((title) => seen.push(`title ${title}`));
  for (const id of [0, 1, 2, 4, 8, 10, 11, 12, 52, 104, 110, 111, 112])
    terminal.parser.registerOscHandler(id, () => {
      seen.push(`OSC ${id}`);
      return false;
    });
  for (const chunk of chunks) terminal.write(chunk);
  await new Promise<void>((resolve) => terminal.write("", resolve));
  if (terminal.modes.mouseTrackingMode !== "none") seen.push("mouse reports");
  if (terminal.modes.sendFocusMode) seen.push("focus reports");
  terminal.dispose();
  return seen;
}

test.each([
  [`${esc}(${esc}[c`, "answer"],
  [`${esc}[6n`, "answer"],
  [`${esc}P$qm${esc}\\`, "answer"],
  [`${esc}]2;run this\u0007`, "title run this"],
  [`${esc}]8;;https://evil.example\u0007`, "OSC 8"],
  [`${esc}]52;c;ZXZpbA==\u0007`, "OSC 52"],
  [`${esc}[?01003h`, "mouse reports"],
  [`${esc}[?1004:1h`, "focus reports"],
])("without the filter the terminal would act: %j", async (text, effect) => {
  expect((await sideEffects([text])).join("\n")).toContain(effect);
});

test(
  `no output of a guest makes the terminal answer, change its title, link or copy (seed ${seed})`,
  async () => {
    await check(
      asyncProperty(output, array(nat(200), { maxLength: 5 }), async (bytes, cuts) => {
        const filter = new SerialFilter();
        const chunks = [...decoded(bytes, cuts)].map((chunk) => filter.push(chunk));
        expect(await sideEffects(chunks)).toEqual([]);
      }),
      { seed, numRuns },
    );
  },
  limitMs,
);

test.each(parts)("%j and another part, cut at every place and one character at a time", (part) => {
  for (const next of parts) {
    const text = `a${part}b${next}c\r\nd${esc}[0m`;
    const whole = new SerialFilter().push(text);
    for (let at = 0; at <= text.length; at += 1) {
      const cut = new SerialFilter();
      expect(cut.push(text.slice(0, at)) + cut.push(text.slice(at))).toBe(whole);
    }
    const single = new SerialFilter();
    expect(Array.from(text, (character) => single.push(character)).join("")).toBe(whole);
  }
});

test(
  `the output does not depend on how it was cut (seed ${seed})`,
  () => {
    check(
      property(output, array(nat(200), { maxLength: 5 }), (bytes, cuts) => {
        const whole = new SerialFilter();
        const cut = new SerialFilter();
        const pieces = [...decoded(bytes, cuts)].map((chunk) => cut.push(chunk)).join("");
        expect(pieces).toBe([...decoded(bytes, [])].map((chunk) => whole.push(chunk)).join(""));
      }),
      { seed, numRuns },
    );
  },
  limitMs,
);
