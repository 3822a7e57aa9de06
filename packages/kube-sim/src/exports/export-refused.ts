/** A refusal of the door of exports: a code, most often without a word. */
export class ExportRefused extends Error {
  readonly code: number;
  readonly text: string;
  readonly headers: Record<string, string>;

  constructor(code: number, text = "", headers: Record<string, string> = {}, options?: ErrorOptions) {
    super(`${code} ${text}`.trim(), options);
    this.code = code;
    this.text = text;
    this.headers = headers;
  }
}
