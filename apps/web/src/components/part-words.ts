/** How a part of the platform is, in a word. */
import type { Tone } from "@kubev/api-types/reason";

export const partWords: Readonly<Record<Tone, string>> = {
  ok: "Healthy",
  working: "Changing",
  attention: "Needs attention",
  error: "Failing",
  off: "Not there",
};
