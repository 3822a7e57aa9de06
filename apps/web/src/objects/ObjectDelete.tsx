/** Deleting an object of a catalogued noun. */
import { noProject, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectRow } from "@kubev/api-types/objects";
import { Suspense, use } from "react";
import { call } from "../api/client.ts";
import { DeleteDialog } from "../components/DeleteDialog.tsx";
import { loadObjectPage } from "./object-pages.ts";
import { inSentence, objectWords } from "./object-words.ts";

/** A catalogued row, or one of a joined list whose own fields hold what the words of its deletion need. */
type DeletedRow = Pick<ObjectRow, "project" | "name"> & { facts: object };

interface ObjectDeleteProps {
  noun: ObjectNoun;
  row: DeletedRow;
  onClose: () => void;
  onDeleted?: () => void;
}

/** The path parameters of a row's operations. */
export function paramsOfObject(noun: ObjectNoun, project: string | undefined, name: string) {
  return { noun, project: project || noProject, name };
}

export const deleteObject = async (
  noun: ObjectNoun,
  { project, name }: Pick<ObjectRow, "project" | "name">,
) => call("deleteObject", { params: paramsOfObject(noun, project, name) });

/** The words may have to be fetched first: the lists of VPCs and subnets come without them. */
export function ObjectDelete(props: ObjectDeleteProps) {
  return (
    <Suspense fallback={null}>
      <Question {...props} />
    </Suspense>
  );
}

function Question({ noun, row, onClose, onDeleted }: ObjectDeleteProps) {
  const page = use(loadObjectPage(noun));
  return (
    <DeleteDialog
      name={row.name}
      verb={`Delete ${inSentence(objectWords[noun].one)}`}
      run={() => deleteObject(noun, row)}
      shownBy={["listObjects", "listSubnets", "listVpcs"]}
      onClose={onClose}
      onDeleted={onDeleted}
      consequence={page.deletion({ facts: row.facts as ObjectRow["facts"] })} // as: of this noun, see DeletedRow
    />
  );
}
