/** Every pair of colours that meets on screen has enough contrast, in both themes. */
import { describe, expect, test } from "vitest";
import css from "./tokens.css?raw";

function tokensOf(theme: "light" | "dark"): Record<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries(
    Array.from(block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g), ([, name, hex]) => [name, hex]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const surfaces = [
  "surface",
  "surface-raised",
  "surface-sunken",
  "surface-overlay",
  "surface-hover",
  "surface-selected",
];
const texts = [
  "content",
  "content-secondary",
  "content-tertiary",
  "accent",
  "ok",
  "working",
  "attention",
  "error",
  "off",
];

describe.each(["light", "dark"] as const)("%s", (theme) => {
  const tokens = tokensOf(theme);
  const of = (name: string) => {
    const hex = tokens[name];
    if (hex === undefined) throw new Error(`${theme} has no token ${name}`);
    return hex;
  };
  test.each(surfaces.flatMap((surface) => texts.map((text) => [text, surface] as const)))(
    "%s is readable on %s",
    (text, surface) => expect(contrast(of(text), of(surface))).toBeGreaterThanOrEqual(4.5),
  );
  test.each(["accent-solid", "accent-solid-hover", "danger-solid", "danger-solid-hover"])(
    "words on a %s button are readable",
    (solid) => expect(contrast(of("on-solid"), of(solid))).toBeGreaterThanOrEqual(4.5),
  );
  test.each(surfaces.slice(0, 4))("the edge of a control stands out on %s", (surface) =>
    expect(contrast(of("stroke-control"), of(surface))).toBeGreaterThanOrEqual(3),
  );
});
