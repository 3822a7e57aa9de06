/** Rules that many people have are one object; whoever makes himself many long ones takes the place of the oldest alone. */
import { expect, test } from "vitest";
import { rulesOf } from "../src/access/rules.ts";

/** So many of these fit. */
const fitting = 42;
const longRules = (which: number) =>
  rulesOf({
    resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["x".repeat(190_000), `${which}`] }],
  });

test("of more than fit, those that were met longest ago go, and what is in use stays", () => {
  const kept = Array.from({ length: fitting }, (_, which) => longRules(which));
  expect(kept.every((rules, which) => longRules(which) === rules)).toBe(true);
  expect(longRules(0)).toBe(kept[0]); // and is the newest now
  const [another, third] = [longRules(fitting), longRules(fitting + 1)];
  for (const which of [0, 3, fitting - 1]) expect(longRules(which)).toBe(kept[which]);
  expect(longRules(fitting)).toBe(another);
  expect(longRules(fitting + 1)).toBe(third);
  expect(longRules(1)).not.toBe(kept[1]);
});

test("rules that are too long are nobody else's, and push nothing out", () => {
  const kept = longRules(-1);
  const huge = { resourceRules: [{ resources: ["x".repeat(300_000)] }] };
  expect(rulesOf(huge)).not.toBe(rulesOf(huge));
  expect(longRules(-1)).toBe(kept);
});
