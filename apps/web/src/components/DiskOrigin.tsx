/** What filled a disk, with a link where that has a page. */
import type { DiskFilling } from "@kubev/api-types/disk-detail";
import { paths } from "../paths.ts";
import { AppLink } from "./AppLink.tsx";

const words = {
  blank: "Empty",
  upload: "An uploaded file",
  url: "An address",
  registry: "A registry",
  disk: "Another disk",
  image: "An image",
  snapshot: "A snapshot",
  other: "Something else",
} as const;

export function DiskOrigin({ source }: { source: NonNullable<DiskFilling> }) {
  const { kind, from } = source;
  const [project = "", name = ""] = from.split("/");
  switch (kind) {
    case "disk":
      return (
        <>
          The disk <AppLink to={paths.disk(project, name)}>{from}</AppLink>
        </>
      );
    case "image":
      return (
        <>
          The image <AppLink to={paths.image(project, name)}>{from}</AppLink>
        </>
      );
    case "snapshot":
      return (
        <>
          The snapshot{" "}
          <AppLink to={paths.object({ ref: { noun: "volume-snapshot" }, project, name })}>{name}</AppLink>
        </>
      );
    default:
      return from === "" ? words[kind] : <span className="font-mono text-xs break-all">{from}</span>;
  }
}
