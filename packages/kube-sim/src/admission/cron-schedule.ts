/** What is wrong with the schedule of a CronJob. Source: github.com/robfig/cron v3, ParseStandard. */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Minutes, hours, days of the month, months, days of the week. */
const FIELDS = [
  { low: 0, high: 59, words: [] },
  { low: 0, high: 23, words: [] },
  { low: 1, high: 31, words: [] },
  { low: 1, high: 12, words: MONTHS },
  { low: 0, high: 6, words: DAYS },
];
const DESCRIPTORS = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];

type Field = (typeof FIELDS)[number];

/** Undefined where it is fine. */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule === "") return "empty spec string";
  if (schedule.startsWith("@")) {
    if (DESCRIPTORS.some((name) => schedule === `@${name}`)) return undefined;
    if (/^@every ([0-9.]+(ns|us|µs|ms|s|m|h))+$/.test(schedule)) return undefined;
    return schedule.startsWith("@every ")
      ? `failed to parse duration ${schedule}: time: invalid duration "${schedule.slice(7)}"`
      : `unrecognized descriptor: ${schedule}`;
  }
  const parts = schedule.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== FIELDS.length)
    return `expected exactly ${FIELDS.length} fields, found ${parts.length}: [${parts.join(" ")}]`;
  for (const [index, field] of FIELDS.entries())
    for (const range of (parts[index] ?? "").split(",").filter((one) => one !== "")) {
      const problem = rangeProblem(range, field);
      if (problem !== undefined) return problem;
    }
  return undefined;
}

function rangeProblem(text: string, { low, high, words }: Field): string | undefined {
  const [range = "", step, ...moreSteps] = text.split("/");
  const [first = "", last, ...moreEnds] = range.split("-");
  const read = (word: string): number => {
    const index = words.indexOf(word.toLowerCase());
    return index < 0
      ? Number(/^[+-]?[0-9]+$/.test(word) ? word : Number.NaN)
      : index + (words === MONTHS ? 1 : 0);
  };
  let start = low;
  let end = high;
  if (first !== "*" && first !== "?") {
    start = read(first);
    if (Number.isNaN(start)) return notANumber(first);
    if (moreEnds.length > 0) return `too many hyphens: ${text}`;
    end = last === undefined ? start : read(last);
    if (Number.isNaN(end)) return notANumber(last ?? "");
    if (start < 0 || end < 0) return `negative number (${Math.min(start, end)}) not allowed: ${text}`;
  }
  if (moreSteps.length > 0) return `too many slashes: ${text}`;
  if (step !== undefined) {
    const every = read(step);
    if (Number.isNaN(every)) return notANumber(step);
    if (last === undefined) end = high;
    if (every === 0) return `step of range should be a positive number: ${text}`;
  }
  if (start < low) return `beginning of range (${start}) below minimum (${low}): ${text}`;
  if (end > high) return `end of range (${end}) above maximum (${high}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return undefined;
}

const notANumber = (word: string): string =>
  `failed to parse int from ${word}: strconv.Atoi: parsing "${word}": invalid syntax`;
