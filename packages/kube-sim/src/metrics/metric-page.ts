/** A page in Prometheus' text format: families with their type and help, each with its series. */

/** What is undefined or empty is left out, as Prometheus takes an empty label for none. */
export type Labels = Readonly<Record<string, string | undefined>>;

export type Series = (labels: Labels, value: number) => void;

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const labelled = (name: string, labels: Labels): string => {
  const text = Object.entries(labels)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key}="${escaped(value ?? "")}"`)
    .join(",");
  return text === "" ? name : `${name}{${text}}`;
};

/** Upper bounds of a histogram's buckets, and what was counted: the sum, and how many lie at or below each bound. */
export interface Histogram {
  bounds: readonly number[];
  /** One for each bound. */
  counts: readonly number[];
  count: number;
  sum: number;
}

export class MetricPage {
  readonly #families = new Map<string, { type: string; help: string; lines: string[] }>();

  gauge(name: string, help: string): Series {
    return this.#family(name, "gauge", help);
  }

  counter(name: string, help: string): Series {
    return this.#family(name, "counter", help);
  }

  histogram(name: string, help: string): (labels: Labels, value: Histogram) => void {
    const lines = this.#lines(name, "histogram", help);
    return (labels, { bounds, counts, count, sum }) => {
      for (const [index, bound] of bounds.entries())
        lines.push(`${labelled(`${name}_bucket`, { ...labels, le: String(bound) })} ${counts[index] ?? 0}`);
      lines.push(`${labelled(`${name}_bucket`, { ...labels, le: "+Inf" })} ${count}`);
      lines.push(
        `${labelled(`${name}_sum`, labels)} ${sum}`,
        `${labelled(`${name}_count`, labels)} ${count}`,
      );
    };
  }

  toString(): string {
    return [...this.#families]
      .filter(([, { lines }]) => lines.length > 0)
      .map(
        ([name, { type, help, lines }]) =>
          `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`,
      )
      .join("");
  }

  #family(name: string, type: string, help: string): Series {
    const lines = this.#lines(name, type, help);
    return (labels, value) => {
      lines.push(`${labelled(name, labels)} ${value}`);
    };
  }

  #lines(name: string, type: string, help: string): string[] {
    const family = this.#families.get(name) ?? { type, help, lines: [] };
    this.#families.set(name, family);
    return family.lines;
  }
}
