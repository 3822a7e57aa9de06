/**
 * The list, one object's page and the form of every catalogued noun, but where pages.ts has one of the kind: a new noun is
 * looked at without a line here.
 */
import { objectCatalog, objectNouns, type ObjectNoun } from "../../packages/api-types/src/object-catalog.ts";
import { objectSamples } from "../../apps/bff/test/object-samples.ts";
import { objectWords } from "../../apps/web/src/objects/object-words.ts";
import { makeObject } from "./cluster-objects.ts";
import { ownPages, type PageState } from "./pages.ts";

// no other test makes anything here, which a quota or a limit could refuse
const project = "office-it";
const sampleName = (noun: ObjectNoun) => `shown-${noun}`;

function statesOf(noun: ObjectNoun): PageState[] {
  const { plural, namespaced } = objectCatalog[noun];
  const base = namespaced ? `/projects/${project}` : "/platform";
  const { many } = objectWords[noun];
  const user = "operator";
  return [
    { name: `list-of-${plural}`, user, path: `${base}/${plural}`, done: many },
    { name: `one-of-${plural}`, user, path: `${base}/${plural}/${sampleName(noun)}`, done: "Labels" },
    ...(objectSamples[noun].spec === null
      ? []
      : [
          {
            name: `form-of-${plural}`,
            user,
            path: `${base}/create/${plural}`,
            done: /^Create an? /,
          } as const,
        ]),
  ];
}

/** "/projects/web-shop/pods?q=x" and "/platform/pods" are both a list of pods, whatever the names in them. */
function kindOfPage(path: string): string {
  const [, , , ...rest] = `/${path.replace(/^\/platform/, "/of/all").replace(/\?.*/, "")}`
    .split("/")
    .slice(1);
  const [first = "", second] = rest;
  if (first === "create") return `form ${second ?? ""}`;
  return rest.length === 1 ? `list ${first}` : rest.length === 2 ? `one ${first}` : path;
}

const own = new Set(ownPages.map(({ path }) => kindOfPage(path)));

const generated = objectNouns.flatMap((noun) =>
  statesOf(noun)
    .filter(({ path }) => !own.has(kindOfPage(path)))
    .map((state) => ({ noun, state })),
);

export const pages: readonly PageState[] = [...ownPages, ...generated.map(({ state }) => state)];

/** Makes the objects that the generated pages among `states` show. */
export async function makeShown(states: readonly PageState[]): Promise<void> {
  for (const { noun, state } of generated)
    if (state.name.startsWith("one-of-") && states.includes(state))
      await makeObject(noun, project, sampleName(noun));
}

/** Without the lists and objects that the journeys of nouns open and look at by themselves. */
export const walkedPages: readonly PageState[] = [
  ...ownPages,
  ...generated.map(({ state }) => state).filter(({ name }) => name.startsWith("form-of-")),
];
