/** The button that deletes the chosen rows of a list; what it opens loads when it is needed. */
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { BulkDeleteDialog as Dialog, Deletable } from "../components/BulkDeleteDialog.tsx";
import { Button } from "../ui/Button.tsx";
import type { Selection } from "./use-selection.ts";

const BulkDeleteDialog = lazy(async () => ({
  default: (await import("../components/BulkDeleteDialog.tsx")).BulkDeleteDialog,
})) as unknown as typeof Dialog; // as: lazy forgets that it is generic

type DialogProps<Row extends Deletable> = Parameters<typeof BulkDeleteDialog<Row>>[0];
type Asked = "rows" | "onClose";

interface BulkDeleteButtonProps<Row extends Deletable> {
  selection: Selection<Row>;
  /** The dialog, while it is open. */
  children: (asked: Pick<DialogProps<Row>, Asked>) => ReactNode;
}

export function BulkDeleteButton<Row extends Deletable>({ selection, children }: BulkDeleteButtonProps<Row>) {
  /** As they were when it was asked for: they leave the list while they are deleted. */
  const [asked, setAsked] = useState<readonly Row[] | null>(null);
  return (
    <>
      <Button size="sm" tone="danger" onClick={() => setAsked(selection.rows)}>
        Delete
      </Button>
      <Suspense fallback={null}>
        {asked === null
          ? null
          : children({
              rows: asked,
              onClose: (undone) => {
                setAsked(null);
                if (undone === null) return;
                selection.clear();
                selection.set(undone, true);
              },
            })}
      </Suspense>
    </>
  );
}

interface BulkDeleteProps<Row extends Deletable> extends Omit<DialogProps<Row>, Asked> {
  selection: Selection<Row>;
}

export function BulkDelete<Row extends Deletable>({ selection, ...dialog }: BulkDeleteProps<Row>) {
  return (
    <BulkDeleteButton selection={selection}>
      {(asked) => <BulkDeleteDialog<Row> {...dialog} {...asked} />}
    </BulkDeleteButton>
  );
}
