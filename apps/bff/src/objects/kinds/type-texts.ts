/** Words of a type that stand as annotations: an empty one takes its annotation away. */
interface Described {
  metadata?: { annotations?: Record<string, string> };
  [field: string]: unknown;
}

export function withTexts(
  object: Described,
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const annotations = { ...object.metadata?.annotations };
  for (const [key, text] of Object.entries(texts)) {
    if (text === "") delete annotations[key];
    else annotations[key] = text;
  }
  return { ...object, metadata: { ...object.metadata, annotations } };
}
