/** New rules of a security group neither open a port nor share a priority by themselves. */
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { PreviewNotes } from "../PreviewNotes.tsx";
import { groupRemedies, newRule, nextPriority } from "./security-group-draft.ts";

const remedy = groupRemedies["security-group-sends-nothing"];

test("a new rule has no port, and the next priority", () => {
  const first = newRule([]);
  expect(first).toMatchObject({ priority: 100, protocol: "tcp" });
  expect(first).not.toHaveProperty("portMin");
  expect(newRule([first]).priority).toBe(101);
  expect(nextPriority([{ priority: 16_384 }, { priority: 16_383 }])).toBe(16_382);
  expect(nextPriority([{ priority: 5 }])).toBe(100);
});

test("what lets everything out does so for each family of the rules", () => {
  const rules = [newRule([]), { ...newRule([]), priority: 101, ipVersion: "ipv6" as const }];
  expect(remedy.change({ rules }).rules.slice(2)).toMatchObject([
    { direction: "out", ipVersion: "ipv4", remote: "0.0.0.0/0", protocol: "all", priority: 102 },
    { direction: "out", ipVersion: "ipv6", remote: "::/0", protocol: "all", priority: 103 },
  ]);
});

test("the note of a group that lets nothing out offers the rule that does", () => {
  const shown = (notes: { code: string }[]) =>
    renderToStaticMarkup(
      createElement(PreviewNotes, {
        notes,
        warnings: [],
        remedyOf: (code: string): ReactNode =>
          code === "security-group-sends-nothing" ? remedy.verb : undefined,
      }),
    );
  expect(shown([{ code: "security-group-sends-nothing" }])).toContain("Allow everything outgoing");
  expect(shown([{ code: "security-group-drops-rest" }])).not.toContain("Allow everything outgoing");
  expect(shown([])).toBe("");
});
