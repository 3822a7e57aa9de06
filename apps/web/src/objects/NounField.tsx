/** A field whose value is the name of an object of a catalogued noun: what there is can be picked, or a name written. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { pageOf } from "../api/queries.ts";
import { useListChoice } from "../components/use-list-choice.ts";
import type { FieldProps } from "../ui/Field.tsx";
import { SuggestField } from "../ui/SuggestField.tsx";
import { inSentence, objectWords } from "./object-words.ts";

interface NounFieldProps extends FieldProps {
  noun: ObjectNoun;
  /** Path of the form's field. */
  field: string;
  value: string;
  onChange: (value: string) => void;
  /** Which of them are offered, in the query language of their list; all without it. */
  where?: string | undefined;
}

export function NounField({ noun, field, onChange, where, ...rest }: NounFieldProps) {
  const { one, many } = objectWords[noun];
  const { items, search } = useListChoice({
    page: (query) => pageOf("listObjects", { params: { noun }, query }),
    toItem: ({ name }) => ({ value: name, label: name }),
    // a name that is written need not be one there is, and what there is of it is not asked
    value: "",
    where,
    many: inSentence(many),
  });
  return (
    <div data-field={field}>
      <SuggestField
        {...rest}
        items={items}
        search={search}
        onChange={(text) => onChange(text.trim())}
        maxLength={253}
        emptyText={`No ${inSentence(one)} of that name is known to you. It can be written all the same.`}
      />
    </div>
  );
}
