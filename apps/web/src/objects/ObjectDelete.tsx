/** Deleting an object of a catalogued noun. */
import { noProject, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectRow } from "@kubev/api-types/objects";
import { call } from "../api/client.ts";
import { DeleteDialog } from "../components/DeleteDialog.tsx";
import type { AnyObjectPage } from "./object-pages.ts";
import { inSentence, objectWords } from "./object-words.ts";

interface ObjectDeleteProps {
  page: AnyObjectPage;
  row: ObjectRow;
  onClose: () => void;
  onDeleted?: () => void;
}

/** The path parameters of a row's operations. */
export function paramsOfObject(noun: ObjectNoun, project: string | undefined, name: string) {
  return { noun, project: project || noProject, name };
}

export const deleteObject = async (noun: ObjectNoun, { project, name }: ObjectRow) =>
  call("deleteObject", { params: paramsOfObject(noun, project, name) });

export function ObjectDelete({ page, row, onClose, onDeleted }: ObjectDeleteProps) {
  return (
    <DeleteDialog
      name={row.name}
      verb={`Delete ${inSentence(objectWords[page.noun].one)}`}
      run={() => deleteObject(page.noun, row)}
      shownBy={["listObjects"]}
      onClose={onClose}
      onDeleted={onDeleted}
      consequence={page.deletion(row)}
    />
  );
}
