/** The driver behind a storage class, as a column of all nouns that name one. */
import type { ReactNode } from "react";

interface Provisioned {
  facts: { provisioner: string };
}

export const provisionerColumn = {
  id: "provisioner",
  header: "Provisioner",
  sortKey: "provisioner",
  track: "minmax(140px,1.2fr)",
  cell: ({ facts }: Provisioned): ReactNode => (
    <span className="truncate text-secondary">{facts.provisioner}</span>
  ),
  csv: ({ facts }: Provisioned) => facts.provisioner,
};
