/** Each problem of a form is said; only those of a field lead somewhere. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { FormErrorSummary } from "./FormErrorSummary.tsx";

const html = (fields: { path: string; text: string }[]) =>
  renderToStaticMarkup(
    createElement(FormErrorSummary, {
      error: new ApiError({ code: "invalid", httpStatus: 422, operation: "createObject" }),
      fields,
      labelOf: (path: string) => (path === "name" ? "Name" : path),
      onGo: () => undefined,
    }),
  );

test("a problem of a field is a way to it", () => {
  expect(html([{ path: "name", text: "Too long." }])).toMatch(/<button[^>]*>Name<\/button>: Too long\./);
});

test("a problem of the whole form is text, not a button without a name", () => {
  const shown = html([{ path: "", text: "The webhook refused it." }]);
  expect(shown).toContain("<li>The webhook refused it.</li>");
  expect(shown).not.toContain("<button");
});
