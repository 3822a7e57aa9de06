/** The page of an object, where it has one. */
import type { ResourceRef } from "@kubev/api-types/resource-ref";
import { paths } from "../paths.ts";

/** A path, or undefined for nouns without a page of their own yet. */
export function linkOf(ref: ResourceRef): string | undefined {
  const { project, name } = ref;
  switch (ref.noun) {
    case "virtual-machine":
      return project === undefined ? undefined : paths.vm(project, name);
    case "image":
      return project === undefined ? undefined : paths.image(project, name);
    case "disk":
      return project === undefined ? undefined : paths.disk(project, name);
    case "project":
      return paths.project(name);
    case "secret":
      return project === undefined ? undefined : paths.secret(project, name);
    case "host":
      return paths.host(name);
    case "subnet":
      return paths.subnet(project, name);
    case "vpc":
      return paths.vpc(name);
    case "snapshot":
    case "session":
    case "object":
      return undefined;
    default:
      return paths.object({ ref, project, name });
  }
}
