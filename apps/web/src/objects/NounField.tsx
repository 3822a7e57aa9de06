/** A field whose value is the name of an object of a catalogued noun: what there is can be picked, or a name written. */
import type { FactsOf } from "@kubev/api-types/object-shapes";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { readList } from "../api/queries.ts";
import type { FieldProps } from "../ui/Field.tsx";
import { TextField } from "../ui/TextField.tsx";

interface NounFieldProps<N extends ObjectNoun> extends FieldProps {
  noun: N;
  /** Path of the form's field. */
  field: string;
  value: string;
  onChange: (value: string) => void;
  /** Which of them are offered; all without it. */
  among?: ((facts: FactsOf<N>) => boolean) | undefined;
}

export function NounField<N extends ObjectNoun>(props: NounFieldProps<N>) {
  const { noun, field, onChange, among, ...rest } = props;
  const list = useId();
  const query = useQuery(
    readList("listObjects", { params: { noun }, query: { pageSize: 200, sort: "name" } }),
  );
  const names = (query.data?.rows ?? [])
    .filter((row) => among === undefined || among(row.facts as FactsOf<N>)) // as: rows of this noun
    .map((row) => row.name);
  return (
    <div data-field={field}>
      <TextField
        {...rest}
        list={list}
        onChange={(value) => onChange(value.trim())}
        autoComplete="off"
        spellCheck={false}
        maxLength={253}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </div>
  );
}
