/** What a choice asks of a server's list: typed words as words, never as fields of the query language. Pure. */

const longestTyped = 200;

/** Typed text as a query: each word in quotes, so that `a:b` and `-x` are looked for as they stand. */
export function typedWords(typed: string): string {
  return typed
    .slice(0, longestTyped)
    .replaceAll('"', " ")
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => `"${word}"`)
    .join(" ");
}

/** The rows among which a choice is made, `where` and what is typed. */
export const choiceQuery = (where: string, typed: string): string =>
  [where, typedWords(typed)].filter((part) => part !== "").join(" ");

/** The one row of this name. */
export const nameQuery = (name: string): string => `name="${name.replaceAll('"', "")}"`;

/** What things of several projects are chosen by. */
interface ProjectAndName {
  project: string;
  name: string;
}

export const idOf = ({ project, name }: ProjectAndName): string => `${project}/${name}`;

export function ofId(id: string): ProjectAndName {
  const slash = id.indexOf("/");
  return { project: id.slice(0, Math.max(0, slash)), name: id.slice(slash + 1) };
}
