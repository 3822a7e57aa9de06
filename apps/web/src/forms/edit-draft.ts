/** What is typed over something that exists, and what it was typed over: the rules of such a draft. Pure. */
import type { FieldConflict } from "@kubev/api-types/errors";

/** Only a field that both sides changed since `was` is a conflict; both are whole forms. */
export interface EditDraft<Fields> {
  was: Fields;
  now: Fields;
}

/** Whether what was kept is a draft of a form with all these fields. */
export function isDraftOf<Fields extends object>(stored: Fields, kept: unknown): kept is EditDraft<Fields> {
  const { was, now } = (kept ?? {}) as Partial<Record<"was" | "now", unknown>>; // as: anything that was JSON
  const isForm = (fields: unknown) => typeof fields === "object" && fields !== null;
  // what is typed may lack a field that was emptied
  return isForm(now) && isForm(was) && Object.keys(stored).every((key) => Object.hasOwn(was, key));
}

/** JSON whose keys are in order: written alike is the same, whatever was typed first. */
const inOrder = (fields: unknown) =>
  JSON.stringify(fields, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

export const isSame = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b);

function withKey(of: object, key: string, value: unknown): object {
  const { [key]: _before, ...others } = of as Readonly<Record<string, unknown>>; // as: labels and the like
  return value === undefined ? others : { ...of, [key]: value };
}

/** `fields` with `value` at a path of one key, or of two where the second may hold dots itself; undefined takes it away. */
export function withField<Fields extends object>(fields: Fields, path: string, value: unknown): Fields {
  const dot = path.indexOf(".");
  const key = dot < 0 ? path : path.slice(0, dot);
  const { [key]: before, ...others } = fields as Readonly<Record<string, unknown>>; // as: a form's content, by field
  const next = dot < 0 ? value : withKey(before ?? {}, path.slice(dot + 1), value);
  return (next === undefined ? others : { ...fields, [key]: next }) as Fields; // as: the server's own value of the field
}

/**
 * The draft once `part` was typed, null once nothing of it is left: what was typed is taken back, and nobody else's
 * value was seen meanwhile. What others wrote and the person saw stays, for `stored` may not have it yet.
 */
export function draftWith<Fields extends object>(
  draft: EditDraft<Fields> | null,
  stored: Fields,
  part: Partial<Fields>,
): EditDraft<Fields> | null {
  const { was, now: before } = draft ?? { was: stored, now: stored };
  const now = { ...before, ...part };
  return isSame(now, was) && isSame(was, stored) ? null : { was, now };
}

/** Theirs counts as seen; with `take`, it is taken over too. Never null: what was seen would be forgotten with it. */
export function draftDecided<Fields extends object>(
  draft: EditDraft<Fields> | null,
  stored: Fields,
  { path, theirs }: Pick<FieldConflict, "path" | "theirs">,
  take: boolean,
): EditDraft<Fields> {
  const { was, now } = draft ?? { was: stored, now: stored };
  return { was: withField(was, path, theirs), now: take ? withField(now, path, theirs) : now };
}
