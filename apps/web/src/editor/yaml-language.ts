/** YAML as the editor reads it. What nests by the hundred would end the parser's stack: it is shown without colours and hints. */
import { yamlLanguage } from "@codemirror/lang-yaml";
import { LanguageSupport } from "@codemirror/language";
import { type Input, type PartialParse, Tree } from "@lezer/common";

/** The parser gives up at some 1,500, and its trees cannot be walked where they are much deeper; no object of a cluster is. */
const deepest = 400;
const deepColumn = new RegExp(`^(?:[ \\t]|[-?:][ \\t]){${deepest}}`, "m");

/** Whether brackets are open within each other, or lines begin, so deep. Brackets within texts count as well. */
function isDeep(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "[" || character === "{") open += 1;
    else if ((character === "]" || character === "}") && open > 0) open -= 1;
    if (open > deepest) return true;
  }
  return deepColumn.test(text);
}

function unparsed({ length }: Input): PartialParse {
  let stoppedAt: number | null = null;
  return {
    advance: () => new Tree(yamlLanguage.parser.topNode, [], [], stoppedAt ?? length),
    parsedPos: length,
    get stoppedAt() {
      return stoppedAt;
    },
    stopAt: (position) => {
      stoppedAt = position;
    },
  };
}

const language = yamlLanguage.configure({
  wrap: (parse, input) => (isDeep(input.read(0, input.length)) ? unparsed(input) : parse),
});

export const yaml = (): LanguageSupport => new LanguageSupport(language);
