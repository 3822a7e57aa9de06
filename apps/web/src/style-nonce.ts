/**
 * Style elements need the response's nonce (CSP). CodeMirror and Base UI take it as an option; sonner and xterm.js create
 * theirs with no hook at all, so every style element made in this page gets it here. Imported before anything else.
 */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
export const styleNonce = nonce.startsWith("__") ? "" : nonce;

if (styleNonce !== "") {
  const createElement = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
    return element;
  };
}
