/** The images a project may start machines from, searched by the server: its own and the shared ones, each once. */
import type { ImageRow } from "@kubev/api-types/images";
import { useQuery } from "@tanstack/react-query";
import { capabilitiesQuery, pageOf } from "../../api/queries.ts";
import { nameQuery, ofId } from "../../components/list-choice.ts";
import { bothChoices, type ChoicePage, useListChoice } from "../../components/use-list-choice.ts";
import type { ComboboxItem } from "../../ui/choice-item.ts";

interface ImageChoice {
  project: string;
  /** Project and name, as `idOf` writes them; '' while none is chosen. */
  value: string;
  /** Which are offered, in the query language. */
  where?: string | undefined;
  toItem: (image: ImageRow) => ComboboxItem;
}

export function useImageChoice({ project, value, where, toItem }: ImageChoice) {
  const shared = useQuery(capabilitiesQuery()).data?.sharedImagesProject;
  const choiceIn = (place: string) => ({
    page: (query: ChoicePage) => pageOf("listImages", { query: { project: place, ...query } }),
    toItem,
    value,
    where,
    rowOf: (id: string) => (ofId(id).project === place ? nameQuery(ofId(id).name) : null),
    many: "images",
  });
  const own = useListChoice(choiceIn(project));
  const common = useListChoice({
    ...choiceIn(shared ?? ""),
    enabled: shared !== undefined && shared !== project,
  });
  return bothChoices(own, common);
}
