/** Reads the last stage of the Dockerfile, so that a test can do what it says without a container engine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.ts";

export interface FinalStage {
  /** From a path in the build stage's /src to a path in the image. */
  copies: { from: string; to: string }[];
  env: Record<string, string>;
  volume: string;
  /** Who owns the volume's folder in the image, and so a new named volume: `uid:gid`. */
  volumeOwner: string;
  user: string;
  healthcheck: string[];
  command: string[];
}

/** Throws when an instruction that the test relies on is missing. */
export function readFinalStage(): FinalStage {
  const text = readFileSync(join(root, "Dockerfile"), "utf8");
  const stage = text.slice(text.lastIndexOf("\nFROM "));
  const one = (pattern: RegExp): string => {
    const found = pattern.exec(stage)?.[1];
    if (found === undefined) throw new Error(`The Dockerfile's last stage has no line like ${pattern}.`);
    return found;
  };
  return {
    copies: Array.from(
      stage.matchAll(/^COPY --from=build \/src\/(\S+) (\S+)$/gm),
      ([, from = "", to = ""]) => ({ from, to }),
    ),
    env: Object.fromEntries(
      one(/^ENV (.+)$/m)
        .split(" ")
        .map((pair) => pair.split("=") as [string, string]),
    ), // NAME=value pairs
    volume: one(/^VOLUME (\S+)$/m),
    volumeOwner: ownerOf(stage, one(/^VOLUME (\S+)$/m)),
    user: one(/^USER (\S+)$/m),
    healthcheck: JSON.parse(one(/^HEALTHCHECK .*CMD (\[.+\])$/m)) as string[], // exec form
    command: JSON.parse(one(/^CMD (\[.+\])$/m)) as string[], // exec form
  };
}

/** The owner of a folder that is copied in: root, unless its COPY says another; it must stand before VOLUME to count. */
function ownerOf(stage: string, folder: string): string {
  const before = stage.slice(0, stage.search(/^VOLUME /m));
  for (const [, owner = "", to = ""] of before.matchAll(/^COPY --from=build --chown=(\S+) \S+ (\S+)$/gm))
    if (to === folder) return owner;
  return "0:0";
}
