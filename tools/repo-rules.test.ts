/** Rules of the house that no linter knows: who may import whom, and what a file may be called. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./paths.ts";

const sources = globSync(
  ["packages/*/{src,test}/**/*.{ts,tsx}", "apps/*/{src,test}/**/*.{ts,tsx}", "e2e/**/*.ts", "bench/**/*.ts"],
  {
    cwd: root,
    exclude: (name) => name.includes("node_modules") || name.includes("dist"),
  },
).sort();

interface Import {
  from: string;
  /** A path in this repository, or a package's name. */
  to: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|^import\s+)["']([^"']+)["']/gm);
  return Array.from(found, ([, specifier = ""]) => ({
    from: file,
    to: specifier.startsWith(".") ? relative(root, join(root, dirname(file), specifier)) : specifier,
  }));
}

const imports = sources.flatMap(importsOf);

/** Imports that start in `from` and lead to `to`, unless `except`. */
function forbidden(from: RegExp, to: RegExp, except = /^$/): string[] {
  return imports
    .filter((each) => from.test(each.from) && to.test(each.to) && !except.test(each.to))
    .map((each) => `${each.from} imports ${each.to}`);
}

describe("who may import whom", () => {
  it.each<[string, RegExp, RegExp, RegExp?]>([
    [
      "api-types imports zod only",
      /^packages\/api-types\/src\//,
      /./,
      /^(zod|packages\/api-types\/src\/.*)$/,
    ],
    [
      "kube-sim imports nothing of this repository",
      /^packages\/kube-sim\/src\//,
      /^(@kubev\/|apps\/|packages\/api-types)/,
    ],
    ["the server never imports kube-sim", /^apps\/bff\/src\//, /kube-sim/],
    [
      "the browser app imports nothing of the server or kube-sim",
      // its tests may take the definitions of real kinds from there
      /^apps\/web\/src\/(?!.*\.test\.)/,
      /(kube-sim|apps\/bff|@kubev\/bff)/,
    ],
    [
      "domain has no I/O",
      /^apps\/bff\/src\/domain\/(?!.*\.test\.)/,
      /^(node:(fs|net|http|https|tls|child_process|dns)|undici|fastify|ws|pg|kysely|@kubernetes\/client-node|apps\/bff\/src\/(?!domain))/,
    ],
    [
      "kube knows nothing above it",
      /^apps\/bff\/src\/kube\//,
      /^apps\/bff\/src\/(routes|inventory|access|live|consoles|store)\//,
    ],
    [
      "only kube connects to the cluster",
      // uploads go to CDI's proxy, usage to Prometheus: neither is the cluster's API
      /^apps\/bff\/src\/(?!kube\/|routes\/file-upload\.ts|usage\/prometheus-client\.ts)/,
      /^(node:(tls|https|http2)|undici|@kubernetes\/client-node)$/,
    ],
    ["inventory knows no route", /^apps\/bff\/src\/inventory\//, /^apps\/bff\/src\/(routes|live|consoles)\//],
    [
      "ui knows no router, query or form; numbers it writes go through the one formatter",
      /^apps\/web\/src\/ui\//,
      /(@tanstack\/react-(router|query)|react-hook-form|apps\/web\/src\/(?!ui\/|format\/numbers))/,
    ],
  ])("%s", (_rule, from, to, except) => {
    expect(forbidden(from, to, except)).toEqual([]);
  });

  it("a page never imports another page", () => {
    const page = (path: string) => /^apps\/web\/src\/pages\/([^/]+)\//.exec(path)?.[1];
    const crossing = imports.filter(
      ({ from, to }) => page(from) !== undefined && page(to) !== undefined && page(from) !== page(to),
    );
    expect(crossing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it("the rules look at real files", () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(
      imports.some(
        ({ from, to }) => from.startsWith("apps/bff/src/routes/") && to.startsWith("apps/bff/src/domain/"),
      ),
    ).toBe(true);
  });
});

describe("files", () => {
  it("have names that name something", () => {
    expect(
      sources.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types|constants)(\/|\.tsx?$)/.test(file)),
    ).toEqual([]);
  });

  it("say in their first lines why they exist", () => {
    const silent = sources.filter((file) => {
      const head = readFileSync(join(root, file), "utf8").slice(0, 400);
      return !/^(import|\/\/ @|"use)?[\s\S]*?\/\*\*/.test(head) && !/(config|\.d|\.test)\.tsx?$/.test(file);
    });
    expect(silent).toEqual([]);
  });

  it("of the server write no name of a label that is declared for all of them", () => {
    const declared = "apps/bff/src/domain/cluster-labels.ts";
    const names = readFileSync(join(root, declared), "utf8").match(/"[a-z.]+\/[\w.-]+"/g) ?? [];
    expect(names.length).toBeGreaterThan(10);
    const again = sources
      .filter((file) => file.startsWith("apps/bff/src/") && file !== declared)
      .flatMap((file) => {
        const text = readFileSync(join(root, file), "utf8");
        return names.filter((name) => text.includes(name)).map((name) => `${file} writes ${name}`);
      });
    expect(again).toEqual([]);
  });

  it("Markdown links and paths lead to files that exist", () => {
    const broken = globSync(["*.md", "docs/**/*.md"], { cwd: root }).flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return Array.from(text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g), ([, target = ""]) => target)
        .filter((target) => !existsSync(join(root, dirname(file), target)))
        .map((target) => `${file} → ${target}`);
    });
    expect(broken).toEqual([]);
  });
});
