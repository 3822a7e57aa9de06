/** Content negotiation: plain objects, tables for people, or metadata only. */
import { StatusError } from "../store/status-error.ts";

export type Shape = "object" | "table" | "metadata";

export interface Representation {
  shape: Shape;
  yaml: boolean;
}

function parameters(range: string): { type: string; as: string | undefined; group: string | undefined } {
  const [type = "", ...rest] = range.split(";").map((part) => part.trim());
  const found = new Map(rest.map((part) => [part.split("=")[0] ?? "", part.split("=")[1] ?? ""] as const));
  return { type: type.toLowerCase(), as: found.get("as"), group: found.get("g") };
}

/** Picks the first range of an Accept header that kube-sim can serve; 406 when there is none. */
export function negotiate(accept: string | undefined): Representation {
  if (accept === undefined || accept.trim() === "") return { shape: "object", yaml: false };
  for (const range of accept.split(",")) {
    const { type, as, group } = parameters(range);
    const yaml = type === "application/yaml";
    if (!yaml && type !== "application/json" && type !== "*/*" && type !== "application/*") continue;
    if (as === undefined) return { shape: "object", yaml };
    if (group !== "meta.k8s.io") continue;
    if (as === "Table") return { shape: "table", yaml };
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList")
      return { shape: "metadata", yaml };
  }
  throw new StatusError(
    406,
    "NotAcceptable",
    "only the following media types are accepted: application/json, application/yaml",
  );
}
