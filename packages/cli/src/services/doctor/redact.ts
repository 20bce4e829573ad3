const HIDDEN = '<hidden>';
const SECRET_KEY = /token|passw|secret|credential|authorization|cookie|private|api-?key|client-?key|certificate|session-?id/i;
const SECRET_VALUE = [
  /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g,
  /\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi,
];

/**
 * A copy without what may be secret: values under keys that sound like it, and inside texts tokens, keys in PEM form and
 * credentials in URLs. Where in doubt it hides.
 */
export function redact(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return SECRET_KEY.test(key) ? HIDDEN : redactText(value);
  if (Array.isArray(value)) return value.map((item) => redact(item, key));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    // {name: "authorization", value: "…"}: the key of the one is the other.
    const name = entries.find(([each, item]) => each === 'name' && typeof item === 'string')?.[1];
    const hidesValue = typeof name === 'string' && SECRET_KEY.test(name);
    return Object.fromEntries(
      entries.map(([each, item]) => {
        if (hidesValue && each !== 'name') return [each, hideTexts(item)];
        if (SECRET_KEY.test(each)) return [each, hideTexts(item)];
        return [each, redact(item, each)];
      }),
    );
  }
  return value;
}

export function redactText(text: string): string {
  const [jwt, pem, scheme, url] = SECRET_VALUE;
  let result = text;
  for (const pattern of [jwt, pem, scheme]) if (pattern !== undefined) result = result.replace(pattern, HIDDEN);
  return url === undefined ? result : result.replace(url, `$1${HIDDEN}@`);
}

/** Keeps the shape, hides every text in it: whether something is set, and how, is worth knowing. */
function hideTexts(value: unknown): unknown {
  if (typeof value === 'string') return HIDDEN;
  if (Array.isArray(value)) return value.map(hideTexts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideTexts(item)]));
  return value;
}
