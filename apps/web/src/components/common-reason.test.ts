/** One sentence for many stands only where it is true of each. */
import type { ActionDecision } from "@kubev/api-types/reason";
import { expect, test } from "vitest";
import { reasonText } from "../reasons/reason-text.ts";
import { commonReason } from "./common-reason.ts";

const because = (code: string, params = {}): ActionDecision => ({ allowed: false, reason: { code, params } });
const mayNot = (project: string) =>
  because("no-permission", { verb: "delete", resource: "virtualmachines", project });

test("the same sentence for each is said, and a right that is missing everywhere", () => {
  const text = reasonText({
    code: "no-permission",
    params: { verb: "delete", resource: "virtualmachines", project: "shop" },
  });
  expect(commonReason([mayNot("shop"), mayNot("shop")])).toBe(text);
  expect(commonReason([mayNot("shop"), mayNot("other")])).toBe(text);
  expect(commonReason([because("vm-delete-protected"), because("vm-delete-protected")])).toBe(
    reasonText({ code: "vm-delete-protected" }),
  );
});

test("nothing is said where one of them takes it, where they differ, or of none", () => {
  expect(commonReason([mayNot("shop"), { allowed: true }])).toBeUndefined();
  expect(commonReason([mayNot("shop"), because("vm-delete-protected")])).toBeUndefined();
  expect(commonReason([])).toBeUndefined();
});
