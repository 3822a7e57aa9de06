/** The group without a name is `core` in addresses only. */
import { expect, test } from "vitest";
import { paths } from "../../paths.ts";
import { apiVersionOf, kindParams, kindPlace } from "./kind-place.ts";

test.each([
  { group: "core", apiVersion: "v1" },
  { group: "policy", apiVersion: "policy/v1" },
])("what lies in $group is of $apiVersion", ({ group, apiVersion }) => {
  const kind = kindPlace(group, "v1", "things");
  expect(apiVersionOf(kind)).toBe(apiVersion);
  expect(kindParams(kind)).toEqual({ group, version: "v1", plural: "things" });
  expect(paths.kind(undefined, kind)).toBe(`/platform/kinds/${group}/v1/things`);
});
