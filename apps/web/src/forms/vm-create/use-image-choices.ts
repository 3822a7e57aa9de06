/** The images a project may start machines from: its own and the shared ones, each once. */
import type { ImageRow } from "@kubev/api-types/images";
import { useQuery } from "@tanstack/react-query";
import { capabilitiesQuery, readList } from "../../api/queries.ts";

export function useImageChoices(project: string): readonly ImageRow[] {
  const shared = useQuery(capabilitiesQuery()).data?.sharedImagesProject;
  const own =
    useQuery(readList("listImages", { query: { project, pageSize: 200, sort: "name" } })).data?.rows ?? [];
  const common =
    useQuery({
      ...readList("listImages", { query: { project: shared ?? "", pageSize: 200, sort: "name" } }),
      enabled: shared !== undefined && shared !== project,
    }).data?.rows ?? [];
  const known = new Set(own.map((image) => image.ref.uid));
  return [...own, ...common.filter((image) => !known.has(image.ref.uid))];
}
