/** The URL's search part as flat, readable text: `?q=status:running&sort=-cpu&page=2`. No JSON, no quoting. */

export type Search = Record<string, string>;

/** Everything in a search string; a repeated key keeps its last value, an empty one is dropped. */
export function parseSearch(text: string): Search {
  const found: Search = {};
  for (const [key, value] of new URLSearchParams(text)) if (value !== "") found[key] = value;
  return found;
}

/** The search string of `search`, with its `?`, or '' when nothing is set. Colons and commas stay readable. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") continue;
    if (value === "") continue;
    const text = encodeURIComponent(String(value))
      .replace(/%3A/g, ":")
      .replace(/%2C/g, ",")
      .replace(/%20/g, "+");
    parts.push(`${encodeURIComponent(key)}=${text}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

export interface ListSearch {
  q?: string;
  sort?: string;
  page?: number;
  pageSize?: number;
}

const pageSizes = [25, 50, 100, 200] as const;
export const defaultPageSize = 50;

/** What a list page understands of its URL; what makes no sense is dropped rather than shown as an error. */
export function readListSearch(search: Search): ListSearch {
  const page = Number(search["page"]);
  const pageSize = Number(search["pageSize"]);
  const sort = search["sort"];
  const q = search["q"]?.slice(0, 500);
  return {
    ...(q ? { q } : {}),
    ...(sort && /^-?[a-z][a-zA-Z]*$/.test(sort) ? { sort } : {}),
    ...(Number.isInteger(page) && page > 1 && page <= 100_000 ? { page } : {}),
    ...(pageSizes.some((size) => size === pageSize) && pageSize !== defaultPageSize ? { pageSize } : {}),
  };
}
